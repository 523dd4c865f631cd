// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// How the int16 logistic function and hyperbolic tangent bring their input to steps of 1 / 12288.
struct SigmoidScaling: Hashable {
  /// At most 32767.
  var multiplier: Int32
  /// Bits to drop of the product, with rounding.
  var shift: Int32

  /// The largest scale.
  static let scaleLimit = 32767.0 / 12288

  /// `nil` if the scale is above ``scaleLimit``.
  init?(scale: Float, isTanh: Bool) {
    // Powers of two that are a multiple of the table's step stay exact: 2^-12, and 2^-11 for tanh.
    let exponent = log2(Double(scale))
    let nearest = exponent.rounded()
    if abs(exponent - nearest) < 1e-3, nearest == -12 || (isTanh && nearest == -11) {
      (multiplier, shift) = (nearest == -12 ? 3 : 6, 0)
      return
    }
    var real = Double(scale) * 4096 * 3
    guard real <= 32767 else { return nil }
    var shift: Int32 = 0
    while real <= 32767 / 2, shift <= 30 {
      shift += 1
      real *= 2
    }
    (multiplier, self.shift) = (Int32(real), shift)
  }
}
