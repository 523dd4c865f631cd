// SPDX-License-Identifier: Apache-2.0

/// A positive real as `mantissa * 2^(shift - 31)`, the form in which kernels multiply.
///
/// The mantissa is 0 or lies in 2^30 ... 2^31 - 1: the nearest 31-bit number to the real's binary
/// significand in 0.5 ..< 1, halves rounded away from zero. Source: TensorFlow Lite's 8-bit
/// quantization specification and gemmlowp's fixed-point representation.
public struct FixedPointScale: Sendable, Hashable {
  /// Q31 mantissa.
  public let mantissa: Int32
  /// Power of two, -31 ... 30.
  public let shift: Int32

  /// Zero.
  public static let zero = FixedPointScale(mantissa: 0, shift: 0)

  /// Represents a real; reals below 2^-32 become zero.
  ///
  /// Returns `nil` for negative, infinite and undefined numbers, and from 2^30 on.
  public init?(_ real: Double) {
    guard real.isFinite, real >= 0 else { return nil }
    guard real > 0 else {
      self = .zero
      return
    }
    // Swift's significand lies in 1 ..< 2, the format's in 0.5 ..< 1.
    var shift = Int(real.exponent) + 1
    var mantissa = Int64((real.significand * 1_073_741_824).rounded(.toNearestOrAwayFromZero))
    if mantissa == 1 << 31 {
      mantissa /= 2
      shift += 1
    }
    guard shift <= 30 else { return nil }
    guard shift >= -31 else {
      self = .zero
      return
    }
    self.init(mantissa: Int32(mantissa), shift: Int32(shift))
  }

  private init(mantissa: Int32, shift: Int32) {
    self.mantissa = mantissa
    self.shift = shift
  }
}
