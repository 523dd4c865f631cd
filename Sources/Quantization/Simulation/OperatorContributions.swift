// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// What the quantization of single operators costs, each alone in a float network.
struct OperatorContributions: Sendable {
  /// What one operator costs.
  struct Contribution: Sendable {
    /// The error of the network's outputs.
    var output: OutputError
    /// Error of the operator's result that comes from its weights.
    var weights: OutputError
    /// Error of the operator's result that comes from rounding and clipping it.
    var rounding: OutputError

    mutating func add(_ other: Contribution) {
      output.add(other.output)
      weights.add(other.weights)
      rounding.add(other.rounding)
    }
  }

  /// By the operator's place; operators that only move elements are left out.
  private(set) var contributions: [Int: Contribution] = [:]

  /// Runs of the network that all probes together may take, about, and multiplications and additions.
  private static let (runLimit, workLimit) = (100, 1_000_000_000)

  /// - Parameters:
  ///   - simulation: The quantized network, whose weights and scales are tried one operator at a time.
  ///   - operators: Which ones.
  init(
    _ subject: Subject, _ simulation: Simulation, operators: [Int], runner: RowRunner
  ) throws(QuantizationError) {
    let work = subject.network.graph.multiplyAccumulates
    let runs = min(Self.runLimit, Self.workLimit / max(1, work))
    let limit = min(max(2 * runs / max(1, operators.count), 2), 8)
    let rows = RowRunner.spread(runner.allRows, limit: limit)
    let parts = try runner.map(rows, [subject.executor, simulation.executor]) {
      (contexts, row, _) throws(GraphExecutionError) in
      try contexts[0].run()
      // From the last to the first: what a probe spoils, the one before it computes anew.
      var found: [Contribution] = []
      for index in operators.reversed() {
        let probe = OperatorProbe(subject, simulation, index: index, row: row)
        found.append(try probe.run(float: contexts[0], quantized: contexts[1]))
      }
      return found
    }
    for part in parts {
      for (index, contribution) in zip(operators.reversed(), part) {
        if contributions[index] == nil {
          contributions[index] = contribution
        } else {
          contributions[index]?.add(contribution)
        }
      }
    }
  }
}

/// One operator in one row.
private struct OperatorProbe {
  let subject: Subject
  let simulation: Simulation
  let index: Int
  let row: Int

  init(_ subject: Subject, _ simulation: Simulation, index: Int, row: Int) {
    self.subject = subject
    self.simulation = simulation
    self.index = index
    self.row = row
  }

  func run(
    float: FloatContext, quantized: FloatContext
  ) throws(GraphExecutionError) -> OperatorContributions.Contribution {
    let network = subject.network
    let operation = network.graph.operators[index]
    for case let input? in operation.inputs where network.isActivation(input) {
      float.withFloats(input) { source in
        quantized.withFloats(input) { _ = $0.update(fromContentsOf: source) }
      }
    }
    var result = OperatorContributions.Contribution(
      output: OutputError(count: subject.targets.count), weights: OutputError(count: 1),
      rounding: OutputError(count: 1))
    try quantized.run(index..<index + 1)
    for output in operation.outputs where network.isActivation(output) {
      float.withFloats(output) { reference in
        quantized.withFloats(output) { values in
          result.weights.add(
            0, reference: UnsafeBufferPointer(reference), values: UnsafeBufferPointer(values))
          _ = reference.update(fromContentsOf: values)
          simulation.quantizers[output.index]?.apply(values)
          result.rounding.add(
            0, reference: UnsafeBufferPointer(reference), values: UnsafeBufferPointer(values))
          _ = reference.update(fromContentsOf: values)
        }
      }
    }
    try float.run(index + 1..<network.graph.operators.count)
    for (number, target) in subject.targets.enumerated() {
      float.withFloats(target) { values in
        subject.observation.references[row][number].withUnsafeBufferPointer {
          result.output.add(number, reference: $0, values: UnsafeBufferPointer(values))
        }
      }
    }
    return result
  }
}
