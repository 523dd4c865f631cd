// SPDX-License-Identifier: Apache-2.0

/// The type of a tensor's elements.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  case float32, float16, int4, int8, uint8, int16, int32, int64, bool

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

  /// Bytes that `count` densely packed elements take.
  public func byteCount(of count: Int) -> Int { (count * bitWidth + 7) / 8 }
}
