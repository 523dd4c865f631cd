// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The range whose integers keep the distribution of magnitudes best.
///
/// For each limit the values beyond it are counted at it, and the distribution is compared with one
/// that is flat within each integer's step. Source: S. Migacz, "8-bit inference with TensorRT", 2017.
enum DivergenceRange {
  /// Integers on each side of 0, and steps between limits, in bins.
  private static let levels = 128
  private static let stride = 32

  static func find(_ histogram: ValueHistogram, within extremes: ValueRange) -> ValueRange {
    guard histogram.total > 0 else { return extremes }
    let half = ValueHistogram.halfCount
    let magnitudes = (0..<half).map {
      Double(histogram.counts[half + $0]) + Double(histogram.counts[half - 1 - $0])
    }
    let last = (magnitudes.lastIndex { $0 > 0 } ?? 0) + 1
    var best = (divergence: Double.infinity, limit: last)
    var limit = last
    while limit >= levels {
      let divergence = divergence(magnitudes, limit: limit)
      if divergence < best.divergence { best = (divergence, limit) }
      limit -= stride
    }
    let radius = Float(best.limit) * histogram.width
    return ValueRange(max(extremes.lower, -radius), min(extremes.upper, radius))
  }

  private static func divergence(_ magnitudes: [Double], limit: Int) -> Double {
    let kept = Array(magnitudes[..<limit])
    let outside = magnitudes[limit...].reduce(0, +)
    let total = kept.reduce(0, +) + outside
    var sum = 0.0
    for level in 0..<levels {
      let bins = (level * limit / levels)..<((level + 1) * limit / levels)
      let inside = kept[bins].reduce(0, +)
      let filled = bins.count { kept[$0] > 0 }
      guard filled > 0 else { continue }
      // The values beyond the limit count at it, but the integers do not know of them.
      let model = inside / Double(filled) / max(1, total - outside)
      for bin in bins where kept[bin] > 0 {
        let reference = (kept[bin] + (bin == limit - 1 ? outside : 0)) / total
        sum += reference * log(reference / model)
      }
    }
    return sum
  }
}
