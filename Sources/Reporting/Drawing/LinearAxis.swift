// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// A mapping of a range of values to a range of coordinates, with round marks.
struct LinearAxis {
  /// Lowest value shown.
  let low: Double
  /// Highest value shown.
  let high: Double
  /// Coordinate of the lowest value.
  let start: Double
  /// Coordinate of the highest value.
  let end: Double

  /// Makes an axis; a range that is empty or not finite becomes 0...1.
  init(low: Double, high: Double, start: Double, end: Double) {
    let isUsable = low.isFinite && high.isFinite && high > low && (high - low).isFinite
    self.low = isUsable ? low : 0
    self.high = isUsable ? high : 1
    self.start = start
    self.end = end
  }

  /// The coordinate of a value; values beyond the range lie on its ends.
  func position(_ value: Double) -> Double {
    let share = (value - low) / (high - low)
    return start + (end - start) * (share.isNaN ? 0 : min(1, max(0, share)))
  }

  /// Round values in the range, about as many as asked for, and the text of each.
  func marks(about count: Int) -> [(value: Double, text: String)] {
    let step = Self.roundStep((high - low) / Double(max(1, count)))
    guard step > 0, step.isFinite else { return [] }
    let decimals = max(0, Int((-log10(step) + 1e-9).rounded(.up)))
    var marks: [(Double, String)] = []
    var index = (low / step - 1e-9).rounded(.up)
    while index * step <= high + step * 1e-6, marks.count < 100 {
      marks.append((index * step, FigureFormat.typeset.fixed(index * step, decimals: decimals)))
      index += 1
    }
    return marks
  }

  /// The next of 1, 2, 5 times a power of ten that is not below the given size.
  private static func roundStep(_ size: Double) -> Double {
    guard size > 0, size.isFinite else { return 0 }
    let power = pow(10, log10(size).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= size * (1 - 1e-9) { return factor * power }
    return 10 * power
  }
}
