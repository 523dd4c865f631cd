// SPDX-License-Identifier: Apache-2.0

/// The STRINGS section while it grows; equal strings are stored once.
struct StringTable {
  /// NUL-terminated strings, the empty one first.
  private(set) var bytes: [UInt8] = [0]
  private var offsets: [String: UInt32] = ["": 0]

  /// Offset of a string, which must not contain NUL.
  mutating func offset(of string: String) -> UInt32 {
    if let known = offsets[string] { return known }
    let offset = UInt32(bytes.count)
    bytes += string.utf8
    bytes.append(0)
    offsets[string] = offset
    return offset
  }
}
