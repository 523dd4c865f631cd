// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// The activations of all rows that later operators still read, in the float network and in the
/// quantized one.
struct SweepMemory {
  /// For each tensor its values in each row.
  private(set) var reference: [Slots<[Float]>?]
  private(set) var quantized: [Slots<[Float]>?]
  private let network: PreparedNetwork
  private let runner: RowRunner
  /// The rows, in the order of their values here.
  let rows: [Int]
  /// For each tensor the error of the quantized network's values.
  private(set) var errors: [OutputError]
  /// The last operator that reads each tensor.
  private var lastReader: [TensorID: Int] = [:]

  init(
    _ network: PreparedNetwork, runner: RowRunner, rows: [Int], quantizers: [FakeQuantizer?]
  ) {
    self.network = network
    self.runner = runner
    self.rows = rows
    errors = network.graph.tensors.map { _ in OutputError(count: 1) }
    reference = network.graph.tensors.map { _ in nil }
    quantized = reference
    for (id, readers) in network.graph.consumers { lastReader[id] = readers.last }
    for (port, input) in network.graph.inputs.enumerated() {
      let (values, rounded) = (makeSlots(), makeSlots())
      for (place, row) in rows.enumerated() {
        let floats = Array(runner.calibration.row(row, ofInput: port))
        values[place] = floats
        rounded[place] = quantizers[input.index]?.applied(to: floats) ?? floats
      }
      reference[input.index] = values
      quantized[input.index] = rounded
      errors[input.index] = error(values, rounded)
    }
  }

  /// Runs one operator on all rows.
  mutating func advance(
    _ index: Int, reference executor: FloatExecutor, simulation: Simulation
  ) throws(QuantizationError) {
    let operation = network.graph.operators[index]
    let inputs = Set(operation.inputs.compactMap { $0 }).sorted().filter(network.isActivation)
    let outputs = operation.outputs.filter(network.isActivation)
    let sources = [inputs.map { reference[$0.index] }, inputs.map { quantized[$0.index] }]
    let results = [outputs.map { _ in makeSlots() }, outputs.map { _ in makeSlots() }]
    let places = Array(rows.indices)
    let rowErrors = try runner.map(places, [executor, simulation.executor], setsInputs: false) {
      (contexts, row, _) throws(GraphExecutionError) -> [OutputError] in
      for (twin, context) in contexts.enumerated() {
        for (position, input) in inputs.enumerated() {
          guard let values = sources[twin][position]?[row] else { continue }
          context.withFloats(input) { target in
            values.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) }
          }
        }
        try context.run(index..<index + 1) { tensor, values in
          if twin == 1 { simulation.quantizers[tensor.index]?.apply(values) }
        }
        for (position, output) in outputs.enumerated() {
          results[twin][position][row] = context.withFloats(output) { Array($0) }
        }
      }
      return outputs.indices.map { position in
        OutputError(results[0][position][row] ?? [], results[1][position][row] ?? [])
      }
    }
    for (position, output) in outputs.enumerated() {
      reference[output.index] = results[0][position]
      quantized[output.index] = results[1][position]
      for row in rowErrors { errors[output.index].add(row[position]) }
    }
    for input in inputs where lastReader[input] == index {
      reference[input.index] = nil
      quantized[input.index] = nil
    }
  }

  private func error(_ reference: Slots<[Float]>, _ quantized: Slots<[Float]>) -> OutputError {
    zip(reference.filled, quantized.filled).reduce(into: OutputError(count: 1)) {
      $0.add(OutputError($1.0, $1.1))
    }
  }

  private func makeSlots() -> Slots<[Float]> { Slots(count: rows.count) }
}
