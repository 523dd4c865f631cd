// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// What a float network did on the calibration rows.
struct Observation: Sendable {
  /// For each tensor what was seen of it, if it is an activation.
  private(set) var tensors: [TensorObservation?]
  /// For each row the float values of the targets.
  private(set) var references: [[[Float]]]

  /// The most values of a tensor that enter its histogram in one row.
  private static let sampleLimit = 8192

  /// Runs the network over all rows.
  init(
    _ network: PreparedNetwork, _ executor: FloatExecutor, targets: [TensorID], runner: RowRunner
  ) throws(QuantizationError) {
    let graph = network.graph
    let observed = graph.tensors.indices.map { network.isActivation(TensorID($0)) }
    let histograms = Slots<[[ValueHistogram]]>(count: runner.threads)
    let empty = observed.map { [ValueHistogram](repeating: ValueHistogram(), count: $0 ? 2 : 0) }
    let rows = try runner.map(runner.allRows, [executor]) {
      (contexts, row, thread) throws(GraphExecutionError) in
      var own = histograms[thread] ?? empty
      histograms[thread] = nil
      var extremes = [Extremes](repeating: Extremes(), count: observed.count)
      func look(_ id: TensorID, _ values: UnsafeMutableBufferPointer<Float>) {
        let found = Extremes(values)
        extremes[id.index] = found
        guard found.isFinite else { return }
        let step = max(1, values.count / Self.sampleLimit) | 1
        own[id.index][row % 2].add(values, step: step, magnitude: found.magnitude)
      }
      for input in graph.inputs { contexts[0].withFloats(input) { look(input, $0) } }
      try contexts[0].run { look($0, $1) }
      histograms[thread] = own
      let values = targets.map { contexts[0].withFloats($0) { Array($0) } }
      return (extremes, values)
    }
    references = rows.map(\.1)
    tensors = []
    try Self.check(rows.map(\.0), network)
    let counted = histograms.filled
    tensors = observed.indices.map { index in
      guard observed[index] else { return nil }
      var merged = empty[index]
      for own in counted {
        for half in merged.indices { merged[half].merge(own[index][half]) }
      }
      return TensorObservation(
        elementCount: graph.tensors[index].shape.elementCount,
        minima: rows.map { $0.0[index].lower }, maxima: rows.map { $0.0[index].upper },
        histograms: merged)
    }
  }

  /// Refuses networks whose values leave the floats.
  private static func check(
    _ rows: [[Extremes]], _ network: PreparedNetwork
  ) throws(QuantizationError) {
    for (index, operation) in network.graph.operators.enumerated() {
      for output in operation.outputs {
        guard let row = rows.firstIndex(where: { !$0[output.index].isFinite }) else { continue }
        throw .activationNotFinite(
          position: network.position(of: index), kind: operation.kind.label, name: operation.name,
          row: row)
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
    guard let base = values.baseAddress, let first = values.first else { return }
    (lower, upper) = (first, first)
    var (least, greatest) = (SIMD8<Float>(repeating: first), SIMD8<Float>(repeating: first))
    // The highest bit is set where the exponent has all its bits.
    var special = SIMD8<UInt32>.zero
    let whole = values.count / 8 * 8
    for index in stride(from: 0, to: whole, by: 8) {
      let chunk = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
      least = pointwiseMin(least, chunk)
      greatest = pointwiseMax(greatest, chunk)
      let bits = unsafeBitCast(chunk, to: SIMD8<UInt32>.self)
      special |= (bits & 0x7F80_0000) &+ 0x0080_0000
    }
    (lower, upper) = (least.min(), greatest.max())
    isFinite = special.max() < 0x8000_0000
    for value in values[whole...] {
      (lower, upper) = (min(lower, value), max(upper, value))
      isFinite = isFinite && value.isFinite
    }
  }

  var magnitude: Float { max(-lower, upper) }
}
