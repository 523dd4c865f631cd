// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels
internal import GraphExecution
internal import ModelGraph

/// What a float network did on the calibration rows.
struct Observation: Sendable {
  /// For each tensor what was seen of it, if it is an activation.
  private(set) var tensors: [TensorObservation?]
  /// For each row the float values of the targets.
  private(set) var references: [[[Float]]]

  /// The most values of a tensor that enter its histogram in one row, and over all rows.
  private static let (rowSampleLimit, sampleLimit) = (8192, 200_000)

  /// Runs the network over all rows.
  init(
    _ network: PreparedNetwork, _ executor: FloatExecutor, targets: [TensorID], runner: RowRunner
  ) throws(QuantizationError) {
    self.init(network, references: [], rowCount: runner.calibration.rowCount)
    references = try add(runner.allRows, network, executor, targets: targets, runner: runner)
  }

  /// Nothing seen yet of a network whose targets' values are known.
  init(_ network: PreparedNetwork, references: [[[Float]]], rowCount: Int) {
    self.references = references
    let graph = network.graph
    tensors = graph.tensors.indices.map { index in
      guard network.isActivation(TensorID(index)) else { return nil }
      return TensorObservation(
        elementCount: graph.tensors[index].shape.elementCount,
        minima: [Float](repeating: 0, count: rowCount),
        maxima: [Float](repeating: 0, count: rowCount),
        histograms: [ValueHistogram](repeating: ValueHistogram(), count: 2))
    }
  }

  /// Runs the network over some rows that were not looked at before.
  ///
  /// - Returns: For each of them the values of the targets.
  @discardableResult
  mutating func add(
    _ chosen: [Int], _ network: PreparedNetwork, _ executor: FloatExecutor, targets: [TensorID],
    runner: RowRunner
  ) throws(QuantizationError) -> [[[Float]]] {
    let graph = network.graph
    let observed = tensors.map { $0 != nil }
    let histograms = Slots<[[ValueHistogram]]>(count: runner.threads)
    let empty = observed.map { [ValueHistogram](repeating: ValueHistogram(), count: $0 ? 2 : 0) }
    let limit = min(
      Self.rowSampleLimit, max(1, Self.sampleLimit / runner.calibration.rowCount))
    let rows = try runner.map(chosen, [executor]) {
      (contexts, row, thread) throws(GraphExecutionError) in
      var own = histograms[thread] ?? empty
      histograms[thread] = nil
      var extremes = [Extremes](repeating: Extremes(), count: observed.count)
      func look(_ id: TensorID, _ values: UnsafeMutableBufferPointer<Float>) {
        let found = Extremes(values)
        extremes[id.index] = found
        guard found.isFinite else { return }
        let step = max(1, values.count / limit) | 1
        own[id.index][row % 2].add(values, step: step, magnitude: found.magnitude)
      }
      for input in graph.inputs { contexts[0].withFloats(input) { look(input, $0) } }
      try contexts[0].run { look($0, $1) }
      histograms[thread] = own
      let values = targets.map { contexts[0].withFloats($0) { Array($0) } }
      return (extremes, values)
    }
    try Self.check(rows.map(\.0), of: chosen, network)
    let counted = histograms.filled
    for index in observed.indices where observed[index] {
      for (row, result) in zip(chosen, rows) {
        tensors[index]?.minima[row] = result.0[index].lower
        tensors[index]?.maxima[row] = result.0[index].upper
      }
      for own in counted {
        for half in 0..<2 { tensors[index]?.histograms[half].merge(own[index][half]) }
      }
    }
    return rows.map(\.1)
  }

  /// Refuses networks whose values leave the floats.
  private static func check(
    _ rows: [[Extremes]], of numbers: [Int], _ network: PreparedNetwork
  ) throws(QuantizationError) {
    for (index, operation) in network.graph.operators.enumerated() {
      for output in operation.outputs {
        guard let row = rows.firstIndex(where: { !$0[output.index].isFinite }) else { continue }
        throw .activationNotFinite(
          position: network.position(of: index), kind: operation.kind.label, name: operation.name,
          row: numbers[row])
      }
    }
  }
}

/// The least and the greatest of some values.
private struct Extremes: Sendable {
  var lower: Float = 0
  var upper: Float = 0
  var isFinite = true

  init() {}

  init(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    let found = MatrixProduct.kernels.extremes(base, values.count)
    (lower, upper, isFinite) = (found.lower, found.upper, found.is_finite)
  }

  var magnitude: Float { max(-lower, upper) }
}
