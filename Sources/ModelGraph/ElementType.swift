// SPDX-License-Identifier: Apache-2.0

/// The type of a tensor's elements.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary16.
  case float16
  /// Signed, two in a byte, the first in the low half.
  case int4
  /// Signed.
  case int8
  /// Unsigned.
  case uint8
  /// Signed.
  case int16
  /// Signed.
  case int32
  /// Signed.
  case int64
  /// One byte: 0 or 1.
  case bool

  /// Bits that one element takes; four for ``int4``, two of which share a byte.
  public var bitWidth: Int {
    switch self {
    case .int4: 4
    case .int8, .uint8, .bool: 8
    case .int16, .float16: 16
    case .int32, .float32: 32
    case .int64: 64
    }
  }

  /// The values that an integer type can take; `nil` for floats and ``bool``.
  public var quantizedRange: ClosedRange<Int>? {
    switch self {
    case .int4: -8...7
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .int64: Int.min...Int.max
    case .float32, .float16, .bool: nil
    }
  }

  /// Bytes that `count` densely packed elements take.
  public func byteCount(of count: Int) -> Int { (count * bitWidth + 7) / 8 }
}
