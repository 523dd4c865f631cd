// SPDX-License-Identifier: Apache-2.0

/// Builds a payload: little-endian integers, then bytes.
public struct PayloadWriter {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Creates an empty payload.
  public init() {}

  /// Appends an integer, least significant byte first.
  public mutating func append(_ value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<(value.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends bytes as they are.
  public mutating func append(bytes more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Appends a `text`: its length in one byte, then at most 255 bytes of UTF-8.
  ///
  /// - Returns: Whether it fits; if not, nothing is appended.
  @discardableResult
  public mutating func append(text: String) -> Bool {
    guard let length = UInt8(exactly: text.utf8.count) else { return false }
    bytes.append(length)
    bytes.append(contentsOf: text.utf8)
    return true
  }
}
