// SPDX-License-Identifier: Apache-2.0

extension Float {
  /// The nearest integer in a range, ties to even; the range must lie within ±2²².
  @inline(__always)
  func rounded(within lower: Float, _ upper: Float) -> Float {
    let shift: Float = 12_582_912
    return (Swift.min(Swift.max(self, lower), upper) + shift) - shift
  }
}
