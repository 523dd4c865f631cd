// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// The sections of a blob on their way into one array of bytes.
struct SectionTable {
  /// The sections that this writer makes, in their order in the file.
  ///
  /// CONSTANTS comes first, so that its address is known before its content is made.
  ///
  /// - Parameter isInitialized: Whether there is state that starts as something else than zeros.
  static func kinds(isInitialized: Bool) -> [shunt_section_kind_t] {
    [
      SHUNT_SECTION_CONSTANTS, SHUNT_SECTION_TENSORS, SHUNT_SECTION_STEPS, SHUNT_SECTION_KERNELS,
      SHUNT_SECTION_INPUTS, SHUNT_SECTION_OUTPUTS, SHUNT_SECTION_INDICES, SHUNT_SECTION_STRINGS,
    ] + (isInitialized ? [SHUNT_SECTION_STATE_INIT] : []) + [SHUNT_SECTION_METADATA]
  }

  /// Bytes of a table with so many entries, up to the first section.
  static func paddedBytes(sectionCount: Int) -> Int {
    let alignment = Int(SHUNT_BLOB_ALIGNMENT)
    let bytes = sectionCount * MemoryLayout<shunt_blob_section_t>.size
    return (bytes + alignment - 1) / alignment * alignment
  }

  private var sections: [(kind: shunt_section_kind_t, bytes: [UInt8])] = []

  /// Appends a section.
  mutating func add(_ kind: shunt_section_kind_t, _ bytes: [UInt8]) {
    sections.append((kind, bytes))
  }

  /// Lays everything out, completes the header and computes the CRC.
  func blob(header: shunt_blob_header_t) throws(BlobFormatError) -> [UInt8] {
    let headerBytes = MemoryLayout<shunt_blob_header_t>.size
    var header = header
    withUnsafeMutableBytes(of: &header.magic) { $0.copyBytes(from: Array("SHUNTBLB".utf8)) }
    header.section_count = UInt32(sections.count)
    header.sections_offset = UInt32(headerBytes)

    let start = headerBytes + Self.paddedBytes(sectionCount: sections.count)
    var body: [UInt8] = []
    var entries: [shunt_blob_section_t] = []
    for (kind, bytes) in sections {
      pad(&body)
      entries.append(
        shunt_blob_section_t(
          kind: kind.rawValue, offset: UInt32(clamping: start + body.count),
          bytes: UInt32(clamping: bytes.count),
          flags: kind == SHUNT_SECTION_METADATA ? 0 : UInt32(SHUNT_SECTION_REQUIRED)))
      body += bytes
    }
    pad(&body)
    guard let total = UInt32(exactly: start + body.count), total <= UInt32(SHUNT_MAX_BYTES) else {
      throw .limitExceeded(
        what: "the blob's size in bytes", value: start + body.count, limit: Int(SHUNT_MAX_BYTES),
        remedy: "Make the model smaller.")
    }
    header.total_bytes = total
    var result = withUnsafeBytes(of: header) { Array($0) } + rawBytes(of: entries)
    pad(&result)
    result += body
    Self.seal(&result)
    return result
  }

  /// Writes the CRC of everything behind it into a blob's header.
  static func seal(_ blob: inout [UInt8]) {
    let first = Int(SHUNT_BLOB_CRC_START)
    let crc = blob.withUnsafeBytes { raw in
      shunt_crc32(0, raw.baseAddress.map { $0 + first }, raw.count - first)
    }
    let position = MemoryLayout<shunt_blob_header_t>.offset(of: \.crc32) ?? 16
    withUnsafeBytes(of: crc.littleEndian) { source in
      for (index, byte) in source.enumerated() { blob[position + index] = byte }
    }
  }
}

/// The bytes of records as they lie in memory, which on every host of ours is little-endian.
func rawBytes<Record>(of records: [Record]) -> [UInt8] {
  records.withUnsafeBytes { Array($0) }
}
