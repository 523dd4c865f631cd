// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Digests
internal import ModelGraph

/// The records of the sections, each checked field by field.
extension BlobReader {
  func header() throws(BlobFormatError) -> BlobHeader {
    guard let rounding = Rounding(code: Int(raw.rounding)) else {
      throw .malformed(place: "header", reason: "rounding \(raw.rounding) is not known")
    }
    guard let set = KernelSet(code: Int(raw.kernel_set)) else {
      throw .malformed(place: "header", reason: "kernel set \(raw.kernel_set) is not known")
    }
    let known = UInt32(SHUNT_BLOB_INPUT_SURVIVES) | UInt32(SHUNT_BLOB_STATEFUL)
    let reserved = raw.reserved.0 | raw.reserved.1 | raw.reserved.2
    guard raw.flags & ~known == 0, reserved == 0 else {
      throw .malformed(place: "header", reason: "unknown flags or reserved fields are set")
    }
    let arenaBytes = Int(raw.arena_bytes)
    guard Self.isAligned(arenaBytes), arenaBytes <= SHUNT_MAX_BYTES else {
      throw .malformed(
        place: "header",
        reason: "the arena's \(arenaBytes) bytes are not a multiple of 16 below 2 GiB")
    }
    let state = Int(raw.state_offset)..<(Int(raw.state_offset) + Int(raw.state_bytes))
    let isStateful = raw.flags & UInt32(SHUNT_BLOB_STATEFUL) != 0
    guard state.upperBound <= arenaBytes, Self.isAligned(state.lowerBound),
      isStateful != state.isEmpty, isStateful || state.lowerBound == 0
    else {
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
      isStateful: isStateful, arenaBytes: arenaBytes,
      rounding: rounding, kernelSet: set, state: state, weightsBytes: Int(raw.weights_bytes),
      graphSHA256: digest)
  }

  func tensors(_ header: BlobHeader) throws(BlobFormatError) -> [BlobTensor] {
    let constants = try range(of: SHUNT_SECTION_CONSTANTS)
    let records = try records(shunt_blob_tensor_t.self, SHUNT_SECTION_TENSORS)
    guard records.count <= SHUNT_MAX_TENSORS else {
      throw .malformed(
        place: "TENSORS", reason: "there are \(records.count), at most \(SHUNT_MAX_TENSORS)")
    }
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
    let isPlaced = storage == .arena
    guard !isPlaced || record.first_step <= record.last_step && Int(record.last_step) <= stepCount
    else {
      throw illegal("it lives from step \(record.first_step) to \(record.last_step)")
    }
    // As a number of bits, -0 and NaN are beyond infinity.
    guard record.scale.bitPattern < Float.infinity.bitPattern else {
      throw illegal("its scale is not a finite number that is not negative")
    }
    let zeroPoint = Int(record.zero_point)
    guard type != .int8 || (-128...127).contains(zeroPoint),
      type != .uint8 || (0...255).contains(zeroPoint)
    else { throw illegal("its zero point is \(zeroPoint)") }
    return BlobTensor(
      name: try string(record.name, place: place), elementType: type, shape: shape,
      storage: storage, offset: range.lowerBound, bytes: range.count, scale: record.scale,
      zeroPoint: zeroPoint, firstStep: Int(record.first_step),
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

  func kernels() throws(BlobFormatError) -> [BlobKernel] {
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

  func ports(
    _ kind: shunt_section_kind_t, _ tensors: [BlobTensor]
  ) throws(BlobFormatError) -> [BlobPort] {
    let isInput = kind == SHUNT_SECTION_INPUTS
    var result: [BlobPort] = []
    let records = try records(shunt_blob_io_t.self, kind)
    guard records.count <= tensors.count else {
      throw .malformed(
        place: isInput ? "INPUTS" : "OUTPUTS", reason: "there are more than there are tensors")
    }
    for (index, record) in records.enumerated() {
      let place = "\(isInput ? "input" : "output") \(index)"
      func illegal(_ reason: String) -> BlobFormatError { .malformed(place: place, reason: reason) }
      guard tensors.indices.contains(Int(record.tensor)) else {
        throw illegal("there is no tensor \(record.tensor)")
      }
      guard record.reserved0 == 0, record.reserved1 == 0 else {
        throw illegal("a reserved field is not 0")
      }
      let tensor = tensors[Int(record.tensor)]
      guard
        isInput
          ? tensor.storage == .arena && tensor.firstStep == 0
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

  func checkStateInit(
    _ header: BlobHeader, _ constants: Range<Int>
  ) throws(BlobFormatError) {
    guard optionalRange(of: SHUNT_SECTION_STATE_INIT) != nil else { return }
    let records = try records(shunt_blob_state_init_t.self, SHUNT_SECTION_STATE_INIT)
    for (index, record) in records.enumerated() {
      let target = Int(record.arena_offset)..<(Int(record.arena_offset) + Int(record.bytes))
      let source = Int(record.data_offset)..<(Int(record.data_offset) + Int(record.bytes))
      guard record.bytes >= 1, record.fill <= 255, target.lowerBound >= header.state.lowerBound,
        target.upperBound <= header.state.upperBound,
        record.data_offset == 0
          || source.lowerBound >= constants.lowerBound && source.upperBound <= constants.upperBound
      else {
        throw .malformed(place: "state record \(index)", reason: "it leaves state or constants")
      }
    }
  }

  func metadata() throws(BlobFormatError) -> BlobMetadata {
    guard let range = optionalRange(of: SHUNT_SECTION_METADATA) else { return BlobMetadata() }
    return try BlobMetadata(
      decoding: try view.slice(range.lowerBound, range.count, place: "METADATA"))
  }
}
