// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// How the greatest values of rows go on beyond those observed: the excess over a high threshold is
/// taken to be exponential, its mean that of the highest tenth of the rows.
struct ValueTail: Sendable {
  private let threshold: Double
  /// Mean excess; 0 if there is no tail.
  private let mean: Double
  /// Share of the rows above the threshold.
  private let share: Double

  /// - Parameter magnitudes: The greatest magnitude of each row, at least 0.
  init(magnitudes: [Float]) {
    let sorted = magnitudes.sorted(by: >)
    let count = max(3, sorted.count / 10)
    guard sorted.count > count + 1, sorted[0] > 0 else {
      (threshold, mean, share) = (Double(sorted.first ?? 0), 0, 0)
      return
    }
    let threshold = Double(sorted[count])
    self.threshold = threshold
    mean = sorted[..<count].reduce(0) { $0 + Double($1) - threshold } / Double(count)
    share = Double(count) / Double(sorted.count)
  }

  /// The expected squared excess of a row's greatest value over a limit.
  func squaredExcess(over limit: Double) -> Double {
    guard mean > 0 else { return 0 }
    return share * exp(-(limit - threshold) / mean) * 2 * mean * mean
  }
}
