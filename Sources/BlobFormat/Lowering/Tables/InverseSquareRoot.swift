// SPDX-License-Identifier: Apache-2.0

/// TFLite's int8 RSQRT.
struct InverseSquareRoot {
  /// Bits that keep the reciprocal of the root an integer.
  private static let fractionBits: Int32 = 20

  private let scale: FixedPointScale

  /// `nil` where the arithmetic of 32 bits does not suffice: 1 / (sqrt(inputScale) * outputScale)
  /// must be 2^-12 ... 2^30.
  init?(inputScale: Float, outputScale: Float) {
    let real = 1 / Double(inputScale.squareRoot() * outputScale)
    guard let scale = FixedPointScale(real), scale.shift - Self.fractionBits >= -31 else {
      return nil
    }
    self.scale = scale
  }

  /// The result without its zero point, for a difference to the input's zero point above 0.
  func callAsFunction(_ difference: Int32) -> Int32 {
    let root = Self.mantissa(of: difference)
    let fixed = FixedPoint.scale(
      1, mantissa: root.mantissa, shift: root.shift + Self.fractionBits)
    return FixedPoint.scale(
      fixed, mantissa: scale.mantissa, shift: scale.shift - Self.fractionBits)
  }

  /// 1 / sqrt(value) as mantissa * 2^(shift - 31), for 1 ... 255.
  private static func mantissa(of value: Int32) -> (mantissa: Int32, shift: Int32) {
    guard value > 1 else { return (.max, 0) }
    // An even power of two brings the value to 2^27 ..< 2^29.
    let pairs = Int32((value.leadingZeroBitCount - 1) / 2 - 1)
    let half = FixedPoint.divide((value << (2 * pairs)) >> 1, byPowerOfTwo: 1)
    let threeHalves: Int32 = (1 << 28) + (1 << 27)
    var x: Int32 = 1 << 28
    // Newton-Raphson in Q3.
    for _ in 0..<5 {
      let cube = FixedPoint.multiply(
        FixedPoint.multiplyHigh(FixedPoint.multiplyHigh(x, x), x), byPowerOfTwo: 6)
      let next = FixedPoint.multiplyHigh(threeHalves, x) &- FixedPoint.multiplyHigh(half, cube)
      x = FixedPoint.multiply(next, byPowerOfTwo: 3)
    }
    let rootOfHalf: Int32 = 1_518_500_250
    var mantissa = FixedPoint.multiplyHigh(x, rootOfHalf)
    var rightShift = 11 - pairs
    if rightShift < 0 {
      mantissa <<= -rightShift
      rightShift = 0
    }
    return (mantissa, -rightShift)
  }
}
