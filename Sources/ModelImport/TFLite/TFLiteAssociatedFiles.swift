// SPDX-License-Identifier: Apache-2.0

/// The files that TensorFlow Lite's metadata tools append to a model as a ZIP archive.
///
/// Only labels are taken from them, and only where they are stored uncompressed, as those tools do.
/// Labels are a convenience: an archive that is damaged in any way counts as none.
///
/// Source: PKWARE APPNOTE, sections 4.3.12 (central directory) and 4.3.16 (its end).
struct TFLiteAssociatedFiles {
  let buffer: FlatBuffer

  /// The lines of the first text file whose name speaks of labels; empty if there is none.
  var labels: [String] {
    do throws(FlatBufferError) {
      guard let text = try labelText() else { return [] }
      return String(decoding: text, as: UTF8.self)
        .split(whereSeparator: \.isNewline).map(String.init)
    } catch {
      return []
    }
  }

  private static let endSignature: UInt32 = 0x0605_4B50
  private static let entrySignature: UInt32 = 0x0201_4B50
  private static let endBytes = 22
  /// The archive's end may be followed by a comment.
  private static let commentLimit = 0xFFFF
  private static let textLimit = 1 << 20

  private func labelText() throws(FlatBufferError) -> ArraySlice<UInt8>? {
    guard let end = try endOfDirectory() else { return nil }
    let directoryBytes = Int(try buffer.load(UInt32.self, at: end + 12))
    let statedOffset = Int(try buffer.load(UInt32.self, at: end + 16))
    var position = end - directoryBytes
    // Offsets may count from the beginning of the file or from that of the archive.
    let archiveStart = position - statedOffset
    for _ in 0..<(try buffer.load(UInt16.self, at: end + 10)) {
      guard try buffer.load(UInt32.self, at: position) == Self.entrySignature else { return nil }
      let nameBytes = Int(try buffer.load(UInt16.self, at: position + 28))
      let name = String(decoding: try bytes(position + 46, nameBytes), as: UTF8.self).lowercased()
      if name.contains("label"), name.hasSuffix(".txt") {
        return try contents(ofEntryAt: position, archiveStart: archiveStart)
      }
      let extraBytes = Int(try buffer.load(UInt16.self, at: position + 30))
      let commentBytes = Int(try buffer.load(UInt16.self, at: position + 32))
      position += 46 + nameBytes + extraBytes + commentBytes
    }
    return nil
  }

  private func contents(
    ofEntryAt position: Int, archiveStart: Int
  ) throws(FlatBufferError) -> ArraySlice<UInt8>? {
    let isStored = try buffer.load(UInt16.self, at: position + 10) == 0
    let count = Int(try buffer.load(UInt32.self, at: position + 24))
    guard isStored, count <= Self.textLimit else { return nil }
    let local = archiveStart + Int(try buffer.load(UInt32.self, at: position + 42))
    let nameBytes = Int(try buffer.load(UInt16.self, at: local + 26))
    let extraBytes = Int(try buffer.load(UInt16.self, at: local + 28))
    return try bytes(local + 30 + nameBytes + extraBytes, count)
  }

  private func endOfDirectory() throws(FlatBufferError) -> Int? {
    let last = buffer.bytes.count - Self.endBytes
    guard last >= 0 else { return nil }
    for position in stride(from: last, through: max(0, last - Self.commentLimit), by: -1)
    where buffer.bytes[position] == 0x50 {
      if try buffer.load(UInt32.self, at: position) == Self.endSignature { return position }
    }
    return nil
  }

  private func bytes(_ start: Int, _ count: Int) throws(FlatBufferError) -> ArraySlice<UInt8> {
    guard start >= 0, count <= buffer.bytes.count - start else {
      throw FlatBufferError("\(count) bytes at byte \(start) lie beyond the end")
    }
    return buffer.bytes[start..<(start + count)]
  }
}
