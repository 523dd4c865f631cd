// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The logistic function as TFLite's int16 kernels tabulate it: 2^16 / (1 + exp(-i / 24)) for i = 0
/// ... 255.
enum SigmoidTable {
  /// 256 unsigned 16-bit integers, little-endian.
  static let bytes: [UInt8] = (0..<256).flatMap { index in
    let real = 65536 / (1 + exp(-Double(index) / 24))
    let value = UInt16(real.rounded()) + (roundedUp.contains(index) ? 1 : 0)
    return [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
  }

  /// Entries of the reference that are one more than the nearest integer.
  private static let roundedUp: Set<Int> = [
    4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41,
    43, 44, 45, 46, 49, 50, 54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
  ]
}
