// SPDX-License-Identifier: Apache-2.0

/// TFLite's int8 HARD_SWISH, in 16-bit fixed point.
struct HardSwish {
  private let outputMantissa: Int16
  private let outputShift: Int32
  private let reluMantissa: Int16
  private let reluShift: Int32

  /// `nil` if the ratio of input to output scale is 128 or more, or the input scale beyond
  /// representation.
  init?(inputScale: Float, outputScale: Float) {
    let fineScale = inputScale * (1 / 128)
    guard let output = FixedPointScale(Double(fineScale / outputScale)), output.shift <= 0,
      let relu = FixedPointScale(Double(fineScale / (3 / 32768))), relu.shift <= 16
    else { return nil }
    (outputMantissa, outputShift) = (Self.upperHalf(output.mantissa), output.shift)
    (reluMantissa, reluShift) = (Self.upperHalf(relu.mantissa), relu.shift)
  }

  /// The result without its zero point, for an input without its zero point.
  func callAsFunction(_ difference: Int32) -> Int32 {
    let fine = Int16(truncatingIfNeeded: difference * 128)
    let linear = Self.multiplyHigh(fine, outputMantissa)
    let product = Int32(gate(fine)) * Int32(linear) / (1 << 15)
    return Int32(Self.divide(Int16(truncatingIfNeeded: product), byPowerOfTwo: -outputShift))
  }

  /// min(max(0, x + 3), 6) / 6 as a fraction of 2^15.
  private func gate(_ fine: Int16) -> Int16 {
    var value = fine
    if reluShift > 0 { value = Self.multiply(value, byPowerOfTwo: reluShift - 1) }
    value = Self.multiplyHigh(value, reluMantissa)
    if reluShift > 0 { value = Self.multiply(value, byPowerOfTwo: 1) }
    if reluShift < 0 { value = Self.divide(value, byPowerOfTwo: -reluShift) }
    return Int16((Int32(value) + (1 << 15)) >> 1)
  }

  /// The upper 16 bits, rounded.
  private static func upperHalf(_ mantissa: Int32) -> Int16 {
    guard mantissa < Int32.max - (1 << 15) else { return .max }
    return Int16((mantissa + (1 << 15)) >> 16)
  }

  /// a * b / 2^15, to nearest, halves up. Not for -2^15 times -2^15.
  private static func multiplyHigh(_ a: Int16, _ b: Int16) -> Int16 {
    Int16(clamping: (Int32(a) * Int32(b) + (1 << 14)) >> 15)
  }

  private static func multiply(_ value: Int16, byPowerOfTwo exponent: Int32) -> Int16 {
    Int16(clamping: Int64(value) << Int64(exponent))
  }

  /// To nearest, halves away from zero. From 16 on the reference's 16-bit mask has all bits set,
  /// which makes every positive number, and zero, 1 and every negative one 0.
  private static func divide(_ value: Int16, byPowerOfTwo exponent: Int32) -> Int16 {
    let mask = Int16(truncatingIfNeeded: (Int64(1) << Int64(exponent)) - 1)
    let threshold = (mask >> 1) + (value < 0 ? 1 : 0)
    return Int16(truncatingIfNeeded: Int32(value) >> exponent)
      + ((value & mask) > threshold ? 1 : 0)
  }
}
