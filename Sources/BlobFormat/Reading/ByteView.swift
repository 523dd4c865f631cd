// SPDX-License-Identifier: Apache-2.0

/// Untrusted bytes: every access is checked, and one that leaves them is an error that names the place.
struct ByteView {
  let bytes: [UInt8]

  /// Reads a record of plain integers and floats at an offset.
  func load<Record: BitwiseCopyable>(
    _ type: Record.Type, at offset: Int, place: String
  ) throws(BlobFormatError) -> Record {
    try check(offset, MemoryLayout<Record>.size, place)
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
  }

  /// Reads as many whole records as a section holds.
  func records<Record: BitwiseCopyable>(
    _ type: Record.Type, in section: Range<Int>, place: String
  ) throws(BlobFormatError) -> [Record] {
    try check(section.lowerBound, section.count, place)
    let stride = MemoryLayout<Record>.size
    guard section.count.isMultiple(of: stride) else {
      throw .malformed(
        place: place, reason: "its \(section.count) bytes are not a multiple of \(stride)")
    }
    return bytes.withUnsafeBytes { raw in
      (0..<(section.count / stride)).map {
        raw.loadUnaligned(fromByteOffset: section.lowerBound + $0 * stride, as: type)
      }
    }
  }

  /// A copy of a range.
  func slice(_ offset: Int, _ count: Int, place: String) throws(BlobFormatError) -> [UInt8] {
    try check(offset, count, place)
    return Array(bytes[offset..<(offset + count)])
  }

  private func check(_ offset: Int, _ count: Int, _ place: String) throws(BlobFormatError) {
    guard offset >= 0, count >= 0, count <= bytes.count, offset <= bytes.count - count else {
      throw .malformed(place: place, reason: "it reaches beyond the blob's \(bytes.count) bytes")
    }
  }
}
