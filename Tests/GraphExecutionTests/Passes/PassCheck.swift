// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

/// A graph after passes, which gives what it gave before.
struct PassCheck {
  /// The graph after the passes.
  let graph: Graph
  /// What the passes did, if all of them ran.
  let applications: [PassApplication]

  /// Runs passes, all of them if none are named, and compares the outputs for random inputs.
  init(
    _ original: Graph, _ passes: [any GraphPass]? = nil, tolerance: Float = 1e-4,
    location: SourceLocation = #_sourceLocation
  ) throws {
    try original.verify()
    var graph = original
    if let passes {
      try graph.apply(passes)
      applications = []
    } else {
      applications = try OptimizationPasses.run(on: &graph)
      var again = graph
      #expect(try OptimizationPasses.run(on: &again) == [], sourceLocation: location)
    }
    self.graph = graph
    #expect(graph.inputs.map { graph[$0].shape } == original.inputs.map { original[$0].shape })
    #expect(graph.outputs.map { graph[$0].shape } == original.outputs.map { original[$0].shape })
    #expect(graph.outputs.map { graph[$0].name } == original.outputs.map { original[$0].name })
    let inputs = Self.randomInputs(original)
    let before = try FloatExecutor(original).run(inputs)
    let after = try FloatExecutor(graph).run(inputs)
    for (a, b) in zip(before, after) {
      let (a, b) = (a.floats ?? [], b.floats ?? [])
      try #require(a.count == b.count && !a.isEmpty, sourceLocation: location)
      let scale = max(1, a.map(abs).max() ?? 0)
      let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= tolerance * scale, sourceLocation: location)
    }
  }

  /// How many operators of each kind there are.
  var labels: [String: Int] {
    graph.operators.reduce(into: [:]) { $0[$1.kind.label, default: 0] += 1 }
  }

  /// Transposes that stand neither directly behind an input nor in front of an output, reshapes aside.
  var inner: [String] {
    var edges = Set(graph.inputs + graph.outputs)
    for _ in graph.operators {
      for operation in graph.operators where operation.kind == .reshape {
        let tensors = operation.inputs.compactMap { $0 } + operation.outputs
        if tensors.contains(where: edges.contains) { edges.formUnion(tensors) }
      }
    }
    return graph.operators.filter { operation in
      guard case .transpose = operation.kind else { return false }
      let tensors = operation.inputs.compactMap { $0 } + operation.outputs
      return !tensors.contains(where: edges.contains)
    }.map(\.name)
  }

  private static func randomInputs(_ graph: Graph) -> [TensorValue] {
    var random = SplitMix64(seed: 3)
    return graph.inputs.map { id in
      let shape = graph[id].shape
      return TensorValue(
        shape: shape,
        floats: (0..<shape.elementCount).map { _ in Float.random(in: -2...2, using: &random) })
    }
  }
}
