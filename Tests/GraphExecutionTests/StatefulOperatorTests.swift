// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

@Suite struct StatefulOperatorTests {
  private func variable(_ draft: inout GraphDraft, _ shape: Shape, _ initial: [Float]?) -> TensorID
  {
    draft.append(
      Tensor(
        name: "state", shape: shape, elementType: .float32, isVariable: true,
        initialValue: initial.map { TensorValue(shape: shape, floats: $0).bytes }))
  }

  private func constant(_ draft: inout GraphDraft, _ shape: Shape, _ values: [Float]) -> TensorID {
    draft.append(
      Tensor(
        name: "constant", shape: shape, elementType: .float32,
        constant: TensorValue(shape: shape, floats: values).bytes))
  }

  @Test("a variable keeps its value until it is reset")
  func variableKeepsValue() throws {
    var draft = GraphDraft(name: "counter", type: .float32)
    let x = draft.input([2])
    let state = variable(&draft, [2], [10, 20])
    let old = draft.operation(.readVariable, [state], output: [2])
    let sum = draft.operation(.add(.none), [old, x], output: [2])
    draft.append(.assignVariable, [state, sum], [])
    let graph = draft.graph(inputs: [x], outputs: [sum])
    let context = try FloatExecutor(graph).makeContext()
    func step() throws -> [Float] {
      context.setInput(0, [1, 2])
      try context.run()
      return context.withFloats(sum) { Array($0) }
    }
    #expect(try step() == [11, 22])
    #expect(try step() == [12, 24])
    context.resetVariables()
    #expect(try step() == [11, 22])
  }

  @Test("a factored filter weighs what it remembers, the newest last")
  func factoredFilters() throws {
    var draft = GraphDraft(name: "svdf", type: .float32)
    let x = draft.input([1, 2])
    let inputs: [TensorID?] = [
      x, constant(&draft, [2, 2], [1, 0, 0, 1]), constant(&draft, [2, 3], [1, 2, 3, 10, 20, 30]),
      variable(&draft, [1, 6], nil), constant(&draft, [1], [0.5]),
    ]
    let y = draft.operation(
      .svdf(SVDFAttributes(rank: 2, activation: .relu)), inputs, output: [1, 1])
    let graph = draft.graph(inputs: [x], outputs: [y])
    let context = try FloatExecutor(graph).makeContext()
    var results: [Float] = []
    for row in [[1, 2], [3, 4], [-100, 0], [0, 0]] as [[Float]] {
      context.setInput(0, row)
      try context.run()
      results += context.withFloats(y) { Array($0) }
    }
    // Units: 3a + 30b; then 2a + 20b of the row before it, and 1a + 10b of the one before that.
    #expect(results == [63.5, 171.5, 0, 0])
  }
}
