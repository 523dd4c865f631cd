// SPDX-License-Identifier: Apache-2.0

/// The range of least mean squared error: rounding makes a twelfth of the squared step, clipping the
/// squared excess.
struct SquaredErrorRange {
  let histogram: ValueHistogram
  let elementCount: Int
  let levels: Int
  let lowerTail: ValueTail
  let upperTail: ValueTail

  /// Ends of the range are tried from 1/50 of the extreme value on, up to this many fiftieths.
  private static let candidates = 1...65
  private static let steps: Float = 50

  func find(within extremes: ValueRange) -> ValueRange {
    guard histogram.total > 0 else { return extremes }
    let upper = ends(extremes.upper, upperTail, isUpper: true)
    let lower = ends(-extremes.lower, lowerTail, isUpper: false)
    // Errors are per row; zeros are exact.
    let share = Double(histogram.total) / Double(countedElements)
    var best = (cost: Double.infinity, range: extremes)
    for high in upper {
      for low in lower {
        let step = Double(high.end + low.end) / Double(levels - 1)
        let cost = share * Double(elementCount) * step * step / 12 + high.cost + low.cost
        if cost < best.cost { best = (cost, ValueRange(-low.end, high.end)) }
      }
    }
    return best.range
  }

  /// All elements that were looked at, zeros included.
  let countedElements: Int

  init(
    histogram: ValueHistogram, elementCount: Int, levels: Int, lowerTail: ValueTail,
    upperTail: ValueTail
  ) {
    self.histogram = histogram
    self.elementCount = elementCount
    self.levels = levels
    self.lowerTail = lowerTail
    self.upperTail = upperTail
    countedElements = max(1, histogram.examined)
  }

  /// Candidates for one end, with what clipping there costs in a row.
  private func ends(
    _ extreme: Float, _ tail: ValueTail, isUpper: Bool
  ) -> [(end: Float, cost: Double)] {
    guard extreme > 0 else { return [(0, 0)] }
    let clipping = clippingCosts(isUpper: isUpper)
    let scale = Double(elementCount) / Double(countedElements)
    return Self.candidates.map { candidate in
      let end = extreme * Float(candidate) / Self.steps
      let observed = scale * clipping(Double(end))
      return (end, max(observed, tail.squaredExcess(over: Double(end))))
    }
  }

  /// The sum of squared excesses over a limit, of what was counted.
  private func clippingCosts(isUpper: Bool) -> (Double) -> Double {
    let half = ValueHistogram.halfCount
    let width = Double(histogram.width)
    // Moments of all bins from one on outwards.
    var (number, first, second) = (
      [Double](repeating: 0, count: half + 1), [Double](repeating: 0, count: half + 1),
      [Double](repeating: 0, count: half + 1)
    )
    for bin in stride(from: half - 1, through: 0, by: -1) {
      let count = Double(histogram.counts[isUpper ? half + bin : half - 1 - bin])
      let value = (Double(bin) + 0.5) * width
      number[bin] = number[bin + 1] + count
      first[bin] = first[bin + 1] + count * value
      second[bin] = second[bin + 1] + count * value * value
    }
    return { limit in
      let bin = min(half, Int((limit / width).rounded(.up)))
      return max(0, second[bin] - 2 * limit * first[bin] + limit * limit * number[bin])
    }
  }
}
