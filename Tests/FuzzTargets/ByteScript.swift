// SPDX-License-Identifier: Apache-2.0

/// A fuzzer's bytes as a list of decisions: at its end every decision is 0.
struct ByteScript {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isOver: Bool { position == bytes.count }

  mutating func next() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func next(_ count: Int) -> [UInt8] {
    let end = min(position + count, bytes.count)
    defer { position = end }
    return Array(bytes[position..<end])
  }

  /// Everything up to a 0xFF, which is left out, or to the end.
  mutating func nextPart() -> [UInt8] {
    let rest = bytes[position...]
    let end = rest.firstIndex(of: 0xFF) ?? bytes.count
    defer { position = min(end + 1, bytes.count) }
    return Array(rest[..<end])
  }
}
