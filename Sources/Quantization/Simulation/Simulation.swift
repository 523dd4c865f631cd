// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// A network that computes in floats what its integers will stand for.
struct Simulation: Sendable {
  var executor: FloatExecutor
  /// For each tensor how its values are rounded; `nil` where they are not.
  var quantizers: [FakeQuantizer?]

  /// Runs one inference whose inputs are set, or the rest of it.
  ///
  /// - Parameter quantizesInputs: Whether the network's inputs are rounded first, when it runs from its
  ///   start.
  func run(
    _ context: FloatContext, from start: Int = 0, quantizesInputs: Bool = true
  ) throws(GraphExecutionError) {
    let graph = executor.graph
    if start == 0, quantizesInputs {
      for input in graph.inputs {
        guard let quantizer = quantizers[input.index] else { continue }
        context.withFloats(input) { quantizer.apply($0) }
      }
    }
    try context.run(start..<graph.operators.count) { tensor, values in
      quantizers[tensor.index]?.apply(values)
    }
  }
}
