// SPDX-License-Identifier: Apache-2.0

/// Leaves the outermost values out.
enum PercentileRange {
  /// The share of values left out at each end.
  static let share = 1e-5

  static func find(_ histogram: ValueHistogram, within extremes: ValueRange) -> ValueRange {
    let limit = Int((Double(histogram.total) * share).rounded(.down))
    guard limit > 0 else { return extremes }
    let half = ValueHistogram.halfCount
    var (seen, bin) = (0, 2 * half - 1)
    while bin >= half, seen + Int(histogram.counts[bin]) <= limit {
      seen += Int(histogram.counts[bin])
      bin -= 1
    }
    let upper = min(extremes.upper, Float(bin + 1 - half) * histogram.width)
    (seen, bin) = (0, 0)
    while bin < half, seen + Int(histogram.counts[bin]) <= limit {
      seen += Int(histogram.counts[bin])
      bin += 1
    }
    return ValueRange(max(extremes.lower, Float(bin - half) * histogram.width), upper)
  }
}
