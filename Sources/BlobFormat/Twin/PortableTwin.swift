// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

extension Blob {
  /// The same model for the plain portable kernels: what a blob for any kernel set should compute.
  ///
  /// Weights and channel records are brought back from the forms of the kernel sets. Lines stay lines: a
  /// blob does not have what the packer proved them equal to. A step that changes writes its output behind
  /// the arena, from where another step copies it to its place, so that the memory plan holds for kernels
  /// that overlap less.
  ///
  /// - Parameter bytes: A blob that `shunt_open` accepts.
  /// - Returns: A blob whose steps are all portable.
  /// - Throws: ``BlobFormatError`` that names the first broken rule.
  public static func portableTwin(of bytes: [UInt8]) throws(BlobFormatError) -> [UInt8] {
    try PortableTwin(bytes).blob()
  }
}

/// Rewrites a blob step by step.
private struct PortableTwin {
  private let reader: BlobReader
  private let document: BlobDocument
  private var tensors: [shunt_blob_tensor_t]
  private var indices: [UInt32]
  private var strings: [UInt8]
  private var constants: ConstantPool
  private var kernels: [shunt_blob_kernel_t] = []
  private var steps: [shunt_blob_step_t] = []
  /// Of each step of the blob, its own place in the twin and that of the step that completes it.
  private var places: [(own: Int, last: Int)] = []
  /// No constants stand in a graph.
  private static let noGraph = Graph(
    name: "", tensors: [], operators: [], inputs: [], outputs: [])
  /// Where scratch lies: behind the largest output, which lies behind the arena.
  private let scratchOffset: Int
  private var scratchBytes = 0

  init(_ bytes: [UInt8]) throws(BlobFormatError) {
    reader = try BlobReader(bytes)
    document = try reader.document()
    tensors = try reader.records(shunt_blob_tensor_t.self, SHUNT_SECTION_TENSORS)
    indices = reader.indices
    strings = reader.strings
    let range = try reader.range(of: SHUNT_SECTION_CONSTANTS)
    let sections = SectionTable.paddedBytes(sectionCount: reader.sections.count)
    guard reader.sections.first?.range == range,
      range.lowerBound == MemoryLayout<shunt_blob_header_t>.size + sections
    else { throw .malformed(place: "section table", reason: "CONSTANTS does not come first") }
    let records = tensors
    let outputBytes = document.steps.flatMap(\.outputs).map { Int(records[$0].bytes) }.max() ?? 0
    scratchOffset = document.header.arenaBytes + (outputBytes + 15) / 16 * 16
    constants = ConstantPool(base: range.lowerBound)
    _ = constants.append(reader.view.bytes[range])
  }

  /// The twin.
  func blob() throws(BlobFormatError) -> [UInt8] {
    var twin = self
    for (step, record) in zip(
      document.steps, try reader.records(shunt_blob_step_t.self, SHUNT_SECTION_STEPS))
    {
      try twin.add(step, record)
    }
    twin.moveLifetimes()
    return try twin.encoded()
  }

  private mutating func add(
    _ step: BlobStep, _ record: shunt_blob_step_t
  ) throws(BlobFormatError) {
    let kernel = document.kernels[step.kernel]
    var record = record
    let layer = try StoredLayer(
      kernel, step.requantization, parameters: step.parameterRange, in: reader.view)
    guard layer != nil || kernel.set != .portable, step.outputs.count == 1 else {
      record.kernel = index(of: kernel)
      places.append((steps.count, steps.count))
      steps.append(record)
      return
    }
    if let layer {
      record.kernel = index(of: layer.kernel)
      record.params_bytes = UInt32(layer.parameters.bytes.count)
      record.params_offset = constants.append(layer.parameters, graph: Self.noGraph)
    } else {
      record.kernel = index(of: kernel, set: .portable)
    }
    places.append((steps.count, steps.count + 1))
    let output = UInt32(step.outputs[0])
    let aside = UInt32(tensors.count)
    var tensor = tensors[Int(output)]
    tensor.storage = UInt8(SHUNT_STORAGE_ARENA.rawValue)
    tensor.offset = UInt32(document.header.arenaBytes)
    (tensor.first_step, tensor.last_step) = (UInt16(steps.count), UInt16(steps.count + 1))
    tensors.append(tensor)

    var copy = record
    copy.kernel = index(of: .copy)
    (copy.input_count, copy.output_count, copy.flags, copy.macs) = (1, 1, 0, 0)
    copy.operands = append([aside, output])
    let parameters = ParameterImage(shunt_copy_params_t(bytes: tensor.bytes, reserved: 0))
    copy.params_bytes = UInt32(parameters.bytes.count)
    copy.params_offset = constants.append(parameters.bytes)
    (copy.scratch_offset, copy.scratch_bytes) = (0, 0)

    // Taps find the result behind the step that completes it.
    record.source_count = 0
    record.operands = append(step.inputs.map { UInt32($0) } + [aside])
    let scratch = layer?.scratchBytes ?? 0
    scratchBytes = max(scratchBytes, scratch)
    record.scratch_offset = scratch == 0 ? 0 : UInt32(scratchOffset)
    record.scratch_bytes = UInt32(scratch)
    steps += [record, copy]
  }

  private mutating func append(_ operands: [UInt32]) -> UInt32 {
    indices += operands
    return UInt32(indices.count - operands.count)
  }

  private mutating func index(of kernel: BlobKernel, set: KernelSet? = nil) -> UInt16 {
    index(ofCode: kernel.code, set ?? kernel.set, version: UInt8(kernel.version), kernel.name)
  }

  private mutating func index(of kind: KernelKind) -> UInt16 {
    index(ofCode: kind.code, .portable, version: kind.version(in: .portable), kind.rawValue)
  }

  private mutating func index(
    ofCode code: Int, _ set: KernelSet, version: UInt8, _ name: String
  ) -> UInt16 {
    let known = kernels.firstIndex { Int($0.id) == code && Int($0.set) == set.code }
    if let known { return UInt16(known) }
    kernels.append(
      shunt_blob_kernel_t(
        id: UInt16(code), set: UInt8(set.code), version: version, name: UInt32(strings.count)))
    strings += Array(name.utf8) + [0]
    return UInt16(kernels.count - 1)
  }

  /// Lets the blob's own tensors live while the twin's steps need them.
  private mutating func moveLifetimes() {
    for index in document.tensors.indices {
      let (first, last) = (Int(tensors[index].first_step), Int(tensors[index].last_step))
      func isRead(_ step: Int) -> Bool {
        step < places.count && document.steps[step].inputs.contains(index)
      }
      func isWritten(_ step: Int) -> Bool {
        step < places.count && document.steps[step].outputs.contains(index)
      }
      let begins = first < places.count ? places[first] : (steps.count, steps.count)
      let ends = last < places.count ? places[last] : (steps.count, steps.count)
      tensors[index].first_step = UInt16(
        isWritten(first) && !isRead(first) ? begins.last : begins.own)
      tensors[index].last_step = UInt16(
        isRead(last) && !isWritten(last) ? ends.own : ends.last)
    }
  }

  private func encoded() throws(BlobFormatError) -> [UInt8] {
    guard steps.count <= SHUNT_MAX_STEPS, tensors.count <= SHUNT_MAX_TENSORS else {
      throw .limitExceeded(
        what: "the number of steps", value: steps.count, limit: Int(SHUNT_MAX_STEPS),
        remedy: "Name the model file instead.")
    }
    var header = reader.raw
    header.kernel_set = UInt16(KernelSet.portable.code)
    header.arena_bytes = UInt32(scratchOffset + (scratchBytes + 15) / 16 * 16)
    var table = SectionTable()
    for section in reader.sections {
      let kind = shunt_section_kind_t(UInt32(section.kind))
      let bytes: [UInt8] =
        switch kind {
        case SHUNT_SECTION_CONSTANTS: constants.bytes
        case SHUNT_SECTION_TENSORS: rawBytes(of: tensors)
        case SHUNT_SECTION_STEPS: rawBytes(of: steps)
        case SHUNT_SECTION_KERNELS: rawBytes(of: kernels)
        case SHUNT_SECTION_INDICES: rawBytes(of: indices)
        case SHUNT_SECTION_STRINGS: strings
        default: Array(reader.view.bytes[section.range])
        }
      table.add(kind, bytes)
    }
    return try table.blob(header: header)
  }
}
