// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

@Suite struct FloatContextTests {
  private let graph = SampleGraphs.convolutional(type: .float32)

  private func input(_ count: Int, seed: UInt64 = 7) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float.random(in: -2...2, using: &random) }
  }

  @Test("what a visitor writes is what later operators read")
  func rewriting() throws {
    let context = try FloatExecutor(graph).makeContext()
    context.setInput(0, input(60))
    var visited: [TensorID] = []
    try context.run { tensor, values in
      visited.append(tensor)
      if tensor == graph.operators[4].outputs[0] { values.update(repeating: 0) }
    }
    #expect(visited == graph.operators.flatMap(\.outputs))
    // Zeros into the last layer leave its bias.
    let bias = try #require(graph.operators[5].inputs[2])
    let sums = context.withFloats(graph.operators[5].outputs[0]) { Array($0) }
    #expect(sums == context.withFloats(bias) { Array($0) })
  }

  @Test("a run from the middle on takes what the tensors hold")
  func partialRun() throws {
    let executor = try FloatExecutor(graph)
    let whole = executor.makeContext()
    whole.setInput(0, input(60))
    try whole.run()
    let part = executor.makeContext()
    let cut = graph.operators[2].outputs[0]
    let values = whole.withFloats(cut) { Array($0) }
    part.withFloats(cut) { _ = $0.update(from: values) }
    try part.run(3..<graph.operators.count)
    #expect(part.value(of: graph.outputs[0]) == whole.value(of: graph.outputs[0]))
    #expect(throws: GraphExecutionError.wrongRange(3..<99, operatorCount: 7)) {
      try part.run(3..<99)
    }
  }

  @Test("replaced constants change the result as a graph with them does, and nothing else")
  func replacedConstants() throws {
    let executor = try FloatExecutor(graph)
    let filter = try #require(graph.operators[0].inputs[1])
    let weights = input(graph[filter].shape.elementCount, seed: 9)
    let replaced = try executor.replacingConstants([filter: weights])
    var other = graph
    other[filter].constant = TensorValue(shape: graph[filter].shape, floats: weights).bytes
    let value = TensorValue(shape: [1, 6, 5, 2], floats: input(60))
    let before = try executor.run([value])
    #expect(try replaced.run([value]) == FloatExecutor(other).run([value]))
    #expect(try replaced.run([value]) != before)
    #expect(try executor.run([value]) == before)
  }

  @Test("constants of the wrong size, and what is none, are refused")
  func wrongConstants() throws {
    let executor = try FloatExecutor(graph)
    let filter = try #require(graph.operators[0].inputs[1])
    for (id, values) in [(filter, [Float(1)]), (graph.inputs[0], input(60)), (TensorID(999), [])] {
      #expect(throws: GraphExecutionError.self) { try executor.replacingConstants([id: values]) }
    }
  }

  @Test("inputs that do not fit are reported, by the next run or at once")
  func wrongInputs() throws {
    let executor = try FloatExecutor(graph)
    let context = executor.makeContext()
    context.setInput(0, input(59))
    #expect(throws: GraphExecutionError.self) { try context.run() }
    context.setInput(1, input(60))
    #expect(throws: GraphExecutionError.wrongInputCount(actual: 2, expected: 1)) {
      try context.run()
    }
    context.setInput(0, input(60))
    try context.run()
    #expect(throws: GraphExecutionError.wrongInputCount(actual: 0, expected: 1)) {
      try executor.run([])
    }
    for value in [
      TensorValue(shape: [1, 5, 6, 2], floats: input(60)),
      TensorValue(
        shape: [1, 6, 5, 2], elementType: .int8, bytes: [UInt8](repeating: 0, count: 60)),
      TensorValue(shape: [1, 6, 5, 2], elementType: .float32, bytes: [1]),
      TensorValue(shape: [.max, 6, 5, 2], elementType: .float32, bytes: []),
    ] {
      #expect(throws: GraphExecutionError.self) { try executor.run([value]) }
    }
  }

  @Test("a quantized graph is refused by its operator's name")
  func quantized() {
    let error = #expect(throws: GraphExecutionError.self) {
      try FloatExecutor(SampleGraphs.convolutional(type: .int8))
    }
    #expect(error?.description.hasPrefix("operator 0, conv2d") == true)
    #expect(error?.description.contains("quantized") == true)
  }

  @Test("rows give the same bits whatever the number of threads", arguments: [1, 2, 3, 7])
  func threads(count: Int) throws {
    let executor = try FloatExecutor(graph)
    let rows = 23
    let values = (0..<rows).map { input(60, seed: UInt64($0)) }
    let expected = try values.map {
      try executor.run([TensorValue(shape: [1, 6, 5, 2], floats: $0)])[0].floats
    }
    let results = Results(count: rows, contexts: (0..<count).map { _ in executor.makeContext() })
    let output = graph.outputs[0]
    ParallelRows.forEach(count: rows, threads: count) { row, thread in
      let context = results.contexts[thread]
      context.setInput(0, values[row])
      guard (try? context.run()) != nil else { return }
      results.rows[row] = context.withFloats(output) { Array($0) }
    }
    #expect((0..<rows).map { Optional(results.rows[$0]) } == expected)
  }

  /// What threads write, each at places of its own.
  private final class Results: @unchecked Sendable {
    let contexts: [FloatContext]
    let rows: UnsafeMutablePointer<[Float]>
    private let count: Int

    init(count: Int, contexts: [FloatContext]) {
      self.contexts = contexts
      self.count = count
      rows = .allocate(capacity: count)
      rows.initialize(repeating: [], count: count)
    }

    deinit {
      rows.deinitialize(count: count)
      rows.deallocate()
    }
  }
}
