// SPDX-License-Identifier: Apache-2.0

/// How a softmax brings differences of its inputs to a fixed point with five integer bits.
struct SoftmaxScaling: Hashable {
  var multiplier: Int32
  var leftShift: Int32
  /// Differences below it have a negligible exponential; at most 0.
  var minimum: Int32

  /// `nil` unless `beta * scale * 2^26` is above 1.
  init?(beta: Float, scale: Float) {
    let integerBits = 5
    let ceiling = Double(Int32.max)
    let real = min(Double(beta) * Double(scale) * Double(1 << (31 - integerBits)), ceiling)
    guard real > 1 else { return nil }
    // From 2^30 on (a scale of 16 and more) only the maximum itself counts, whatever the multiplier.
    guard real < Double(1 << 30), let fixed = FixedPointScale(real) else {
      (multiplier, leftShift, minimum) = (Int32.max, 30, 0)
      return
    }
    multiplier = fixed.mantissa
    leftShift = fixed.shift
    let radius = Double((1 << integerBits) - 1) * Double(1 << (31 - integerBits))
    minimum = -Int32((radius / Double(1 << Int(leftShift))).rounded(.down))
  }
}
