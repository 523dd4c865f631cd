// SPDX-License-Identifier: Apache-2.0

/// What was seen of an activation's values.
struct TensorObservation: Sendable {
  /// The rows whose values enter a range: all, or those of even or odd number, so that the others
  /// can judge it.
  enum Rows: Int, Sendable {
    case even = 0
    case odd = 1
    case all = 2
  }

  /// Elements of one row.
  var elementCount: Int
  /// The least value of each row.
  var minima: [Float]
  /// The greatest value of each row.
  var maxima: [Float]
  /// Values of even and odd rows.
  var histograms: [ValueHistogram]

  /// The histogram of some rows.
  func histogram(_ rows: Rows) -> ValueHistogram {
    guard rows == .all else { return histograms[rows.rawValue] }
    var result = histograms[0]
    result.merge(histograms[1])
    return result
  }

  /// The range of all values of some rows.
  func extremes(_ rows: Rows) -> ValueRange {
    ValueRange(select(minima, rows).min() ?? 0, select(maxima, rows).max() ?? 0)
  }

  /// The range that a method gives.
  func range(_ method: CalibrationMethod, _ rows: Rows, levels: Int) -> ValueRange {
    let extremes = extremes(rows)
    switch method {
    case .minMax: return extremes
    case .percentile: return PercentileRange.find(histogram(rows), within: extremes)
    case .mse:
      return SquaredErrorRange(
        histogram: histogram(rows), elementCount: elementCount, levels: levels,
        lowerTail: ValueTail(magnitudes: select(minima, rows).map { max(0, -$0) }),
        upperTail: ValueTail(magnitudes: select(maxima, rows).map { max(0, $0) })
      ).find(within: extremes)
    case .kl: return DivergenceRange.find(histogram(rows), within: extremes)
    }
  }

  private func select(_ values: [Float], _ rows: Rows) -> [Float] {
    guard rows != .all, values.count > 1 else { return values }
    return stride(from: rows.rawValue, to: values.count, by: 2).map { values[$0] }
  }
}
