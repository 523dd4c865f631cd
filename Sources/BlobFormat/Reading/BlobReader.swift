// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Digests
internal import ModelGraph

/// Reads a blob, section by section, and checks each field before it is used.
struct BlobReader {
  let view: ByteView
  private(set) var raw: shunt_blob_header_t
  private(set) var sections: [BlobSection] = []
  private(set) var indices: [UInt32] = []
  private(set) var strings: [UInt8] = []
  private(set) var stepCount = 0

  /// Checks frame, CRC and section table.
  init(_ file: [UInt8]) throws(BlobFormatError) {
    guard Blob.isBlob(file) else { throw .notABlob }
    let headerBytes = MemoryLayout<shunt_blob_header_t>.size
    guard file.count >= headerBytes else {
      throw .truncated(needed: headerBytes, available: file.count)
    }
    raw = try ByteView(bytes: file).load(shunt_blob_header_t.self, at: 0, place: "header")
    guard raw.version_major == SHUNT_BLOB_VERSION_MAJOR else {
      throw .unsupportedVersion(
        "it has version \(raw.version_major).\(raw.version_minor), this is "
          + "\(SHUNT_BLOB_VERSION_MAJOR).\(SHUNT_BLOB_VERSION_MINOR)")
    }
    let total = Int(raw.total_bytes)
    guard total >= headerBytes, total <= SHUNT_MAX_BYTES, Self.isAligned(total) else {
      throw .malformed(place: "header", reason: "its size of \(total) bytes is impossible")
    }
    guard file.count >= total else { throw .truncated(needed: total, available: file.count) }
    view = ByteView(bytes: Array(file[..<total]))
    try checkCRC()
    sections = try readSections()
    try checkOverlap()
    strings = try readStrings()
    indices = try records(UInt32.self, SHUNT_SECTION_INDICES)
    stepCount = try records(shunt_blob_step_t.self, SHUNT_SECTION_STEPS).count
  }

  /// Reads everything.
  func document() throws(BlobFormatError) -> BlobDocument {
    let header = try header()
    let tensors = try tensors(header)
    let kernels = try kernels()
    let constants = try range(of: SHUNT_SECTION_CONSTANTS)
    let steps = try StepReader(
      reader: self, header: header, tensors: tensors, kernels: kernels, constants: constants
    ).steps()
    let inputs = try ports(SHUNT_SECTION_INPUTS, tensors)
    let outputs = try ports(SHUNT_SECTION_OUTPUTS, tensors)
    try checkStateInit(header, constants)
    try OverlapCheck(header: header, tensors: tensors, steps: steps, inputs: inputs).run()
    return BlobDocument(
      header: header, sections: sections, tensors: tensors, kernels: kernels, steps: steps,
      inputs: inputs, outputs: outputs, metadata: try metadata())
  }

  // MARK: Frame

  static func isAligned(_ offset: Int) -> Bool { offset.isMultiple(of: Int(SHUNT_BLOB_ALIGNMENT)) }

  private func checkCRC() throws(BlobFormatError) {
    let first = Int(SHUNT_BLOB_CRC_START)
    let crc = view.bytes.withUnsafeBytes { bytes in
      shunt_crc32(0, bytes.baseAddress.map { $0 + first }, bytes.count - first)
    }
    guard crc == raw.crc32 else { throw .damaged(storedCRC: raw.crc32, computedCRC: crc) }
  }

  private func readSections() throws(BlobFormatError) -> [BlobSection] {
    let start = Int(raw.sections_offset)
    guard start == MemoryLayout<shunt_blob_header_t>.size else {
      throw .malformed(place: "header", reason: "the section table begins at \(start), not at 96")
    }
    let entryBytes = MemoryLayout<shunt_blob_section_t>.size
    let count = Int(raw.section_count)
    let end = start + count * entryBytes
    guard count <= SHUNT_MAX_SECTIONS, end <= view.bytes.count else {
      throw .malformed(place: "header", reason: "\(count) sections do not fit into the blob")
    }
    let entries = try view.records(
      shunt_blob_section_t.self, in: start..<end, place: "section table")
    var result: [BlobSection] = []
    var seen: Set<UInt32> = []
    for entry in entries {
      let name = Self.name(ofSection: entry.kind)
      let isRequired = entry.flags & UInt32(SHUNT_SECTION_REQUIRED) != 0
      guard entry.flags & ~UInt32(SHUNT_SECTION_REQUIRED) == 0 else {
        throw .malformed(place: "section \(entry.kind)", reason: "it has unknown flags")
      }
      guard name != nil || !isRequired else {
        throw .unsupportedVersion("section kind \(entry.kind) must be understood and is not known")
      }
      let range = Int(entry.offset)..<(Int(entry.offset) + Int(entry.bytes))
      let place = "section \(name ?? String(entry.kind))"
      guard seen.insert(entry.kind).inserted else {
        throw .malformed(place: place, reason: "it is there twice")
      }
      guard Self.isAligned(range.lowerBound), range.lowerBound >= end else {
        throw .malformed(place: place, reason: "it begins at \(range.lowerBound)")
      }
      guard range.upperBound <= view.bytes.count else {
        throw .malformed(place: place, reason: "it ends beyond the blob, at \(range.upperBound)")
      }
      result.append(
        BlobSection(
          name: name ?? "section \(entry.kind)", kind: Int(entry.kind), range: range,
          isRequired: isRequired))
    }
    return result
  }

  private func checkOverlap() throws(BlobFormatError) {
    let ordered = sections.filter { !$0.range.isEmpty }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (section, next) in zip(ordered, ordered.dropFirst())
    where section.range.upperBound > next.range.lowerBound {
      throw .malformed(place: next.name, reason: "it overlaps \(section.name)")
    }
  }

  static func name(ofSection kind: UInt32) -> String? {
    switch shunt_section_kind_t(kind) {
    case SHUNT_SECTION_STRINGS: "STRINGS"
    case SHUNT_SECTION_TENSORS: "TENSORS"
    case SHUNT_SECTION_STEPS: "STEPS"
    case SHUNT_SECTION_KERNELS: "KERNELS"
    case SHUNT_SECTION_INDICES: "INDICES"
    case SHUNT_SECTION_INPUTS: "INPUTS"
    case SHUNT_SECTION_OUTPUTS: "OUTPUTS"
    case SHUNT_SECTION_CONSTANTS: "CONSTANTS"
    case SHUNT_SECTION_STATE_INIT: "STATE_INIT"
    case SHUNT_SECTION_METADATA: "METADATA"
    default: nil
    }
  }

  // MARK: Sections

  func optionalRange(of kind: shunt_section_kind_t) -> Range<Int>? {
    sections.first { $0.kind == Int(kind.rawValue) }?.range
  }

  func range(of kind: shunt_section_kind_t) throws(BlobFormatError) -> Range<Int> {
    guard let range = optionalRange(of: kind) else {
      throw .malformed(
        place: "section table", reason: "\(Self.name(ofSection: kind.rawValue) ?? "") is missing")
    }
    return range
  }

  /// All records of a section.
  func records<Record: BitwiseCopyable>(
    _ type: Record.Type, _ kind: shunt_section_kind_t
  ) throws(BlobFormatError) -> [Record] {
    let range = try range(of: kind)
    return try view.records(
      type, in: range, place: Self.name(ofSection: kind.rawValue) ?? "section")
  }

  private func readStrings() throws(BlobFormatError) -> [UInt8] {
    let range = try range(of: SHUNT_SECTION_STRINGS)
    let bytes = try view.slice(range.lowerBound, range.count, place: "STRINGS")
    guard bytes.first == 0, bytes.last == 0 else {
      throw .malformed(place: "STRINGS", reason: "it does not begin and end with NUL")
    }
    return bytes
  }

  /// The string at an offset of STRINGS; bytes that are not UTF-8 show as U+FFFD.
  func string(_ offset: UInt32, place: String) throws(BlobFormatError) -> String {
    guard Int(offset) < strings.count else {
      throw .malformed(place: place, reason: "its name lies beyond STRINGS")
    }
    return String(decoding: strings[Int(offset)...].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// `count` numbers of INDICES.
  func indices(
    _ start: UInt32, _ count: Int, place: String
  ) throws(BlobFormatError) -> [Int] {
    guard Int(start) + count <= indices.count else {
      throw .malformed(place: place, reason: "it reaches beyond INDICES")
    }
    return indices[Int(start)..<(Int(start) + count)].map { Int($0) }
  }
}
