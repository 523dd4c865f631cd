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
    guard total >= headerBytes, Self.isAligned(total) else {
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
    guard end <= view.bytes.count else {
      throw .malformed(place: "header", reason: "\(count) sections do not fit into the blob")
    }
    let entries = try view.records(
      shunt_blob_section_t.self, in: start..<end, place: "section table")
    var result: [BlobSection] = []
    var seen: Set<UInt32> = []
    for entry in entries {
      let name = Self.name(ofSection: entry.kind)
      let isRequired = entry.flags & UInt32(SHUNT_SECTION_REQUIRED) != 0
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

  private static func name(ofSection kind: UInt32) -> String? {
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

  private func optionalRange(of kind: shunt_section_kind_t) -> Range<Int>? {
    sections.first { $0.kind == Int(kind.rawValue) }?.range
  }

  private func range(of kind: shunt_section_kind_t) throws(BlobFormatError) -> Range<Int> {
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

  // MARK: Records

  private func header() throws(BlobFormatError) -> BlobHeader {
    guard let rounding = Rounding(code: Int(raw.rounding)) else {
      throw .malformed(place: "header", reason: "rounding \(raw.rounding) is not known")
    }
    guard let set = KernelSet(code: Int(raw.kernel_set)) else {
      throw .malformed(place: "header", reason: "kernel set \(raw.kernel_set) is not known")
    }
    let arenaBytes = Int(raw.arena_bytes)
    guard Self.isAligned(arenaBytes) else {
      throw .malformed(
        place: "header", reason: "the arena's \(arenaBytes) bytes are not a multiple of 16")
    }
    let state = Int(raw.state_offset)..<(Int(raw.state_offset) + Int(raw.state_bytes))
    guard state.upperBound <= arenaBytes, Self.isAligned(state.lowerBound) else {
      throw .malformed(place: "header", reason: "the state region does not lie in the arena")
    }
    let digest = withUnsafeBytes(of: raw.graph_sha256) { SHA256Digest(bytes: $0) }
    guard let digest else {
      throw .malformed(place: "header", reason: "graph_sha256 is not 32 bytes")
    }
    return BlobHeader(
      versionMajor: Int(raw.version_major), versionMinor: Int(raw.version_minor),
      totalBytes: Int(raw.total_bytes), crc32: raw.crc32,
      inputSurvives: raw.flags & UInt32(SHUNT_BLOB_INPUT_SURVIVES) != 0,
      isStateful: raw.flags & UInt32(SHUNT_BLOB_STATEFUL) != 0, arenaBytes: arenaBytes,
      rounding: rounding, kernelSet: set, state: state, weightsBytes: Int(raw.weights_bytes),
      graphSHA256: digest)
  }

  private func tensors(_ header: BlobHeader) throws(BlobFormatError) -> [BlobTensor] {
    let constants = try range(of: SHUNT_SECTION_CONSTANTS)
    let records = try records(shunt_blob_tensor_t.self, SHUNT_SECTION_TENSORS)
    var result: [BlobTensor] = []
    for (index, record) in records.enumerated() {
      result.append(
        try tensor(record, header: header, constants: constants, place: "tensor \(index)"))
    }
    return result
  }

  private func tensor(
    _ record: shunt_blob_tensor_t, header: BlobHeader, constants: Range<Int>, place: String
  ) throws(BlobFormatError) -> BlobTensor {
    func illegal(_ reason: String) -> BlobFormatError { .malformed(place: place, reason: reason) }
    guard let type = ElementType(blobCode: Int(record.type)) else {
      throw illegal("type \(record.type) is not known")
    }
    guard let storage = Self.storage(record.storage) else {
      throw illegal("storage \(record.storage) is not known")
    }
    guard record.layout == 0 else { throw illegal("layout \(record.layout) is not known") }
    guard record.rank <= SHUNT_MAX_RANK else { throw illegal("its rank is \(record.rank)") }
    let shape = Shape(try indices(record.dims, Int(record.rank), place: place))
    guard let count = shape.elementCount(atMost: Int(UInt32.max)),
      type.byteCount(of: count) == Int(record.bytes)
    else { throw illegal("shape \(shape) does not take \(record.bytes) bytes") }
    let range = Int(record.offset)..<(Int(record.offset) + Int(record.bytes))
    let home: Range<Int> =
      switch storage {
      case .arena: 0..<header.arenaBytes
      case .state: header.state
      case .constant: constants
      }
    guard Self.isAligned(range.lowerBound), range.lowerBound >= home.lowerBound,
      range.upperBound <= home.upperBound
    else { throw illegal("it does not lie where its storage '\(storage.rawValue)' is") }
    if storage == .arena, range.overlaps(header.state) { throw illegal("it overlaps the state") }
    guard record.first_step <= record.last_step, Int(record.last_step) <= stepCount else {
      throw illegal("it lives from step \(record.first_step) to \(record.last_step)")
    }
    guard record.scale.isFinite, record.scale >= 0 else { throw illegal("its scale is illegal") }
    return BlobTensor(
      name: try string(record.name, place: place), elementType: type, shape: shape,
      storage: storage, offset: range.lowerBound, bytes: range.count, scale: record.scale,
      zeroPoint: Int(record.zero_point), firstStep: Int(record.first_step),
      lastStep: Int(record.last_step))
  }

  private static func storage(_ code: UInt8) -> BlobTensor.Storage? {
    switch shunt_storage_t(UInt32(code)) {
    case SHUNT_STORAGE_ARENA: .arena
    case SHUNT_STORAGE_STATE: .state
    case SHUNT_STORAGE_CONSTANT: .constant
    default: nil
    }
  }

  private func kernels() throws(BlobFormatError) -> [BlobKernel] {
    let records = try records(shunt_blob_kernel_t.self, SHUNT_SECTION_KERNELS)
    guard records.count <= SHUNT_MAX_KERNELS else {
      throw .malformed(
        place: "KERNELS", reason: "there are \(records.count), at most \(SHUNT_MAX_KERNELS)")
    }
    var result: [BlobKernel] = []
    for (index, record) in records.enumerated() {
      guard let set = KernelSet(code: Int(record.set)) else {
        throw .malformed(place: "kernel \(index)", reason: "set \(record.set) is not known")
      }
      result.append(
        BlobKernel(
          kind: KernelKind(code: Int(record.id)), code: Int(record.id), set: set,
          version: Int(record.version),
          name: try string(record.name, place: "kernel \(index)")))
    }
    return result
  }

  private func ports(
    _ kind: shunt_section_kind_t, _ tensors: [BlobTensor]
  ) throws(BlobFormatError) -> [BlobPort] {
    let isInput = kind == SHUNT_SECTION_INPUTS
    var result: [BlobPort] = []
    for (index, record) in try records(shunt_blob_io_t.self, kind).enumerated() {
      let place = "\(isInput ? "input" : "output") \(index)"
      func illegal(_ reason: String) -> BlobFormatError { .malformed(place: place, reason: reason) }
      guard tensors.indices.contains(Int(record.tensor)) else {
        throw illegal("there is no tensor \(record.tensor)")
      }
      let tensor = tensors[Int(record.tensor)]
      guard isInput ? tensor.storage == .arena && tensor.firstStep == 0
        : tensor.storage != .arena || tensor.lastStep == stepCount
      else { throw illegal("its tensor is not kept for the caller") }
      guard let type = ElementType(blobCode: Int(record.external_type)),
        let operation = HostOperation(code: Int(record.host_op))
      else { throw illegal("its type or host operation is not known") }
      let isLegal =
        switch operation {
        case .none: type == tensor.elementType
        case .quantize: isInput && type == .float32 && tensor.scale > 0
        case .dequantize: !isInput && type == .float32 && tensor.scale > 0
        }
      guard isLegal else {
        throw illegal("\(operation.rawValue) does not fit its type \(type.rawValue)")
      }
      result.append(
        BlobPort(
          tensor: Int(record.tensor), name: try string(record.name, place: place),
          externalType: type, operation: operation))
    }
    return result
  }

  private func checkStateInit(
    _ header: BlobHeader, _ constants: Range<Int>
  ) throws(BlobFormatError) {
    guard optionalRange(of: SHUNT_SECTION_STATE_INIT) != nil else { return }
    let records = try records(shunt_blob_state_init_t.self, SHUNT_SECTION_STATE_INIT)
    for (index, record) in records.enumerated() {
      let target = Int(record.arena_offset)..<(Int(record.arena_offset) + Int(record.bytes))
      let source = Int(record.data_offset)..<(Int(record.data_offset) + Int(record.bytes))
      guard record.bytes >= 1, target.lowerBound >= header.state.lowerBound,
        target.upperBound <= header.state.upperBound,
        record.data_offset == 0
          ? record.fill <= 255
          : source.lowerBound >= constants.lowerBound && source.upperBound <= constants.upperBound
      else {
        throw .malformed(place: "state record \(index)", reason: "it leaves state or constants")
      }
    }
  }

  private func metadata() throws(BlobFormatError) -> BlobMetadata {
    guard let range = optionalRange(of: SHUNT_SECTION_METADATA) else { return BlobMetadata() }
    return try BlobMetadata(
      decoding: try view.slice(range.lowerBound, range.count, place: "METADATA"))
  }
}
