// SPDX-License-Identifier: Apache-2.0

/// The type of an array's elements, as `.npy` files store them.
public enum ElementKind: String, Sendable, Codable, CaseIterable {
  /// Signed, one byte.
  case int8
  /// Unsigned, one byte.
  case uint8
  /// Signed, two bytes, little-endian.
  case int16
  /// Signed, four bytes, little-endian.
  case int32
  /// Signed, eight bytes, little-endian.
  case int64
  /// IEEE 754 binary32, little-endian.
  case float32
  /// IEEE 754 binary64, little-endian.
  case float64
  /// One byte: 0 or 1.
  case bool

  /// Bytes of one element.
  public var byteWidth: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// Whether the elements are integers that a scale may turn into reals.
  public var isQuantizable: Bool { quantizedRange != nil }

  /// The values of 8 and 16 bit integers; `nil` for other types.
  public var quantizedRange: ClosedRange<Int>? {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .int32, .int64, .float32, .float64, .bool: nil
    }
  }

  /// The values that integers and truth values can take; `nil` for floats.
  var integerRange: ClosedRange<Int>? {
    switch self {
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .int64: Int.min...Int.max
    case .bool: 0...1
    default: quantizedRange
    }
  }
}
