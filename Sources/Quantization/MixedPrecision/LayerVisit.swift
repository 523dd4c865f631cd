// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// A layer at its turn in a sweep: all layers before it are rounded, those behind it as the sweep began.
struct LayerVisit {
  let sweep: LayerSweep
  /// The layer, by its place among the network's layers.
  let number: Int
  let memory: SweepMemory
  let moments: LayerMoments?
  let simulation: Simulation
  /// The layer as the sweep began.
  let initial: QuantizedLayer

  /// The layer on a grid, rounded against what the layers before it give it.
  func rounded(to grid: WeightGrid) -> QuantizedLayer {
    sweep.rounded(number, to: grid, moments: moments) ?? initial
  }

  /// The error of the outputs with this layer as given, over some of the sweep's rows, by their
  /// places among them.
  func outputError(
    with quantized: QuantizedLayer, places: [Int]
  ) throws(QuantizationError) -> OutputError {
    let subject = sweep.subject
    var altered = simulation
    altered.executor = try sweep.replace(number, by: quantized, in: simulation.executor)
    let start = subject.network.layers[number].index
    let inputs = subject.network.tensors(aliveAt: start)
    let targets = subject.network.targetsBehind(start, of: subject.targets)
    let run = altered
    let rows = sweep.rows
    let parts = try sweep.runner.map(places, [run.executor], setsInputs: false) {
      (contexts, place, _) throws(GraphExecutionError) in
      for input in inputs {
        guard let values = memory.quantized[input.index]?[place] else { continue }
        contexts[0].withFloats(input) { target in
          values.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) }
        }
      }
      try run.run(contexts[0], from: start, quantizesInputs: false)
      var error = OutputError(count: subject.targets.count)
      for (index, target) in targets {
        contexts[0].withFloats(target) { values in
          subject.observation.references[rows[place]][index].withUnsafeBufferPointer {
            error.add(index, reference: $0, values: UnsafeBufferPointer(values))
          }
        }
      }
      return error
    }
    return parts.reduce(into: OutputError(count: subject.targets.count)) { $0.add($1) }
  }
}

extension PreparedNetwork {
  /// The activations that are there before an operator runs and are read by it or one behind it.
  fileprivate func tensors(aliveAt index: Int) -> [TensorID] {
    let written = Set(graph.operators[index...].flatMap(\.outputs))
    let read = Set(graph.operators[index...].flatMap { $0.inputs.compactMap { $0 } })
    return read.subtracting(written).sorted().filter(isActivation)
  }

  /// The targets, with their numbers, that an operator or one behind it computes.
  fileprivate func targetsBehind(_ index: Int, of targets: [TensorID]) -> [(Int, TensorID)] {
    let written = Set(graph.operators[index...].flatMap(\.outputs))
    return targets.enumerated().filter { written.contains($0.element) }.map { ($0, $1) }
  }
}
