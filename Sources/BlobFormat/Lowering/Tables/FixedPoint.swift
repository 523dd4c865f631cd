// SPDX-License-Identifier: Apache-2.0

/// The 32-bit fixed-point arithmetic of TFLite's reference kernels (gemmlowp), for tables that the
/// host computes. A number in Qm has m integer bits, 31 - m fractional ones and a sign.
enum FixedPoint {
  /// a * b / 2^31, to nearest, halves up; saturating.
  static func multiplyHigh(_ a: Int32, _ b: Int32) -> Int32 {
    guard a != .min || b != .min else { return .max }
    return Int32(truncatingIfNeeded: (Int64(a) * Int64(b) + (1 << 30)) >> 31)
  }

  /// value / 2^exponent, to nearest, halves away from zero; 0 ... 31.
  static func divide(_ value: Int32, byPowerOfTwo exponent: Int32) -> Int32 {
    guard exponent > 0 else { return value }
    let half = Int64(1) << Int64(exponent - 1)
    let magnitude = (Int64(value).magnitude + UInt64(half)) >> UInt64(exponent)
    return Int32(truncatingIfNeeded: value < 0 ? -Int64(magnitude) : Int64(magnitude))
  }

  /// value * 2^exponent, saturating; 0 ... 31.
  static func multiply(_ value: Int32, byPowerOfTwo exponent: Int32) -> Int32 {
    Int32(clamping: Int64(value) << Int64(exponent))
  }

  /// value * mantissa * 2^(shift - 31), rounded twice as the kernels do; what a shift to the left
  /// pushes out is lost.
  static func scale(_ value: Int32, mantissa: Int32, shift: Int32) -> Int32 {
    guard shift < 0 else { return multiplyHigh(value << shift, mantissa) }
    return divide(multiplyHigh(value, mantissa), byPowerOfTwo: -shift)
  }

  /// The logistic function of a number in Q4, in Q0.
  static func logistic(_ x: Int32) -> Int32 {
    guard x != 0 else { return 1 << 30 }
    let positive = halfReciprocal(exponential(-magnitude(x), integerBits: 4))
    return x > 0 ? positive : .max - positive
  }

  /// The hyperbolic tangent of a number in Q4, in Q0.
  static func tanh(_ x: Int32) -> Int32 {
    guard x != 0 else { return 0 }
    // Twice a number in Q4 is the same integer in Q5.
    let decay = exponential(-magnitude(x), integerBits: 5)
    let positive = multiply(reciprocalEstimate(decay) &- (1 << 29), byPowerOfTwo: 2)
    return x > 0 ? positive : -positive
  }

  private static func magnitude(_ x: Int32) -> Int32 { x < 0 ? 0 &- x : x }

  /// exp(x) in Q0 for x <= 0: the quarter below zero by series, the rest bit by bit.
  private static func exponential(_ x: Int32, integerBits: Int32) -> Int32 {
    guard x != 0 else { return .max }
    // exp(-2^(i - 2)) in Q0
    let factors: [Int32] = [
      1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242,
    ]
    let quarter = Int32(1) << (29 - integerBits)
    let fraction = (x & (quarter - 1)) - quarter
    let rest = fraction &- x
    var result = exponentialNearZero(fraction << integerBits)
    for (index, factor) in factors.prefix(Int(integerBits) + 2).enumerated()
    where rest & (quarter << Int32(index)) != 0 {
      result = multiplyHigh(result, factor)
    }
    return result
  }

  /// exp(x) in Q0 for x in Q0, -1/4 <= x < 0: a Taylor series to the fourth power around -1/8.
  private static func exponentialNearZero(_ x: Int32) -> Int32 {
    let center: Int32 = 1_895_147_668  // exp(-1/8) in Q0
    let third: Int32 = 715_827_883
    let d = x &+ (1 << 28)
    let d2 = multiplyHigh(d, d)
    let d3 = multiplyHigh(d2, d)
    let d4 = multiplyHigh(d2, d2)
    let cubic = multiplyHigh(divide(d4, byPowerOfTwo: 2) &+ d3, third)
    let tail = divide(cubic &+ d2, byPowerOfTwo: 1)
    return center &+ multiplyHigh(center, d &+ tail)
  }

  /// 2 / (1 + x) in Q2 for x >= 0 in Q0: Newton-Raphson.
  private static func reciprocalEstimate(_ x: Int32) -> Int32 {
    let half = Int32((Int64(x) + Int64(Int32.max) + 1) / 2)
    var estimate = 1_515_870_810 &+ multiplyHigh(half, -1_010_580_540)  // 48/17 - 32/17 * half
    for _ in 0..<3 {
      let error = (1 << 29) &- multiplyHigh(half, estimate)
      estimate = estimate &+ multiply(multiplyHigh(estimate, error), byPowerOfTwo: 2)
    }
    return estimate
  }

  /// 1 / (1 + x) in Q0 for x >= 0 in Q0.
  private static func halfReciprocal(_ x: Int32) -> Int32 {
    multiply(reciprocalEstimate(x), byPowerOfTwo: 1)
  }
}
