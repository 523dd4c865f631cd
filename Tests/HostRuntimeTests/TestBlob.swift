// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime

/// A blob in the making, record by record: tests build legal blobs with it, and then spoil them.
///
/// CONSTANTS is the first section, at a fixed place, so that blob offsets of constants are known as
/// soon as they are added.
struct TestBlob {
  static let sectionCount = 9
  static let constantsOffset = 96 + 16 * 10

  var header = shunt_blob_header_t()
  var strings: [UInt8] = [0]
  var tensors: [shunt_blob_tensor_t] = []
  var steps: [shunt_blob_step_t] = []
  var kernels: [shunt_blob_kernel_t] = []
  var indices: [UInt32] = []
  var inputs: [shunt_blob_io_t] = []
  var outputs: [shunt_blob_io_t] = []
  var constants: [UInt8] = []
  var stateInits: [shunt_blob_state_init_t] = []

  /// Applied to the section table and to the finished bytes, before the CRC is taken.
  var spoilSections: (inout [shunt_blob_section_t]) -> Void = { _ in }
  var spoilBytes: (inout [UInt8]) -> Void = { _ in }

  init() {
    withUnsafeMutableBytes(of: &header.magic) { $0.copyBytes(from: Array("SHUNTBLB".utf8)) }
    header.version_major = UInt16(SHUNT_BLOB_VERSION_MAJOR)
    header.version_minor = UInt16(SHUNT_BLOB_VERSION_MINOR)
    header.sections_offset = 96
    header.rounding = UInt16(SHUNT_ROUNDING_EXACT.rawValue)
    header.kernel_set = UInt16(SHUNT_SET_PORTABLE.rawValue)
  }

  /// Adds a string; returns its offset.
  mutating func name(_ text: String) -> UInt32 {
    defer { strings += Array(text.utf8) + [0] }
    return UInt32(strings.count)
  }

  /// Adds a tensor of int8 at the arena's end, alive during the given steps; returns its index.
  mutating func tensor(_ shape: [Int], alive steps: ClosedRange<Int> = 0...0) -> Int {
    var tensor = shunt_blob_tensor_t()
    tensor.name = name("t\(tensors.count)")
    tensor.type = UInt8(SHUNT_TYPE_S8.rawValue)
    tensor.rank = UInt8(shape.count)
    tensor.storage = UInt8(SHUNT_STORAGE_ARENA.rawValue)
    tensor.dims = UInt32(indices.count)
    indices += shape.map(UInt32.init)
    tensor.bytes = UInt32(shape.reduce(1, *))
    tensor.offset = header.arena_bytes
    tensor.scale = 1
    tensor.first_step = UInt16(steps.lowerBound)
    tensor.last_step = UInt16(steps.upperBound)
    header.arena_bytes += (tensor.bytes + 15) & ~15
    tensors.append(tensor)
    return tensors.count - 1
  }

  /// Adds bytes to CONSTANTS; returns their blob offset.
  mutating func constant(_ bytes: [UInt8]) -> UInt32 {
    while constants.count % 16 != 0 { constants.append(0xEE) }
    defer { constants += bytes }
    return UInt32(TestBlob.constantsOffset + constants.count)
  }

  /// Adds records to CONSTANTS; returns their blob offset.
  mutating func constant<Record: BitwiseCopyable>(records: [Record]) -> UInt32 {
    constant(records.withUnsafeBytes { Array($0) })
  }

  /// Adds a step of the portable kernel `kernel`.
  mutating func step<Params: BitwiseCopyable>(
    _ kernel: shunt_kernel_id_t, inputs: [Int], output: Int, params: Params
  ) {
    var step = shunt_blob_step_t()
    step.name = name("s\(steps.count)")
    step.kernel = UInt16(index(of: kernel))
    step.input_count = UInt8(inputs.count)
    step.output_count = 1
    step.operands = UInt32(indices.count)
    indices += (inputs + [output]).map(UInt32.init)
    step.params_offset = constant(records: [params])
    step.params_bytes = UInt32(MemoryLayout<Params>.size)
    step.sources = UInt32(indices.count)
    step.source_count = 1
    indices.append(UInt32(steps.count))
    steps.append(step)
  }

  mutating func input(_ tensor: Int) {
    inputs.append(io(tensor, name("in")))
  }

  mutating func output(_ tensor: Int) {
    outputs.append(io(tensor, name("out")))
  }

  /// The blob, with a correct CRC whatever was spoilt.
  func bytes() -> [UInt8] {
    let payloads: [(shunt_section_kind_t, [UInt8])] = [
      (SHUNT_SECTION_CONSTANTS, constants), (SHUNT_SECTION_STRINGS, strings),
      (SHUNT_SECTION_TENSORS, raw(tensors)), (SHUNT_SECTION_STEPS, raw(steps)),
      (SHUNT_SECTION_KERNELS, raw(kernels)), (SHUNT_SECTION_INDICES, raw(indices)),
      (SHUNT_SECTION_INPUTS, raw(inputs)), (SHUNT_SECTION_OUTPUTS, raw(outputs)),
      (SHUNT_SECTION_STATE_INIT, raw(stateInits)),
    ]
    var body: [UInt8] = []
    var sections: [shunt_blob_section_t] = []
    for (kind, payload) in payloads {
      sections.append(
        shunt_blob_section_t(
          kind: kind.rawValue, offset: UInt32(TestBlob.constantsOffset + body.count),
          bytes: UInt32(payload.count), flags: 1))
      body += payload + [UInt8](repeating: 0, count: (16 - payload.count % 16) % 16)
    }
    var header = header
    header.section_count = UInt32(sections.count)
    header.total_bytes = UInt32(TestBlob.constantsOffset + body.count)
    spoilSections(&sections)
    var blob = raw([header]) + raw(sections)
    blob += [UInt8](repeating: 0, count: TestBlob.constantsOffset - blob.count) + body
    spoilBytes(&blob)
    TestBlob.refreshCRC(&blob)
    return blob
  }

  /// Writes the CRC that the blob's bytes have, if its size says how many that are.
  static func refreshCRC(_ blob: inout [UInt8]) {
    let total = blob.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 12, as: UInt32.self)) }
    let start = Int(SHUNT_BLOB_CRC_START)
    guard total >= start, total <= blob.count else { return }
    let crc = blob[start..<total].withUnsafeBytes { shunt_crc32(0, $0.baseAddress, $0.count) }
    withUnsafeBytes(of: crc.littleEndian) { blob.replaceSubrange(16..<20, with: $0) }
  }

  private mutating func index(of kernel: shunt_kernel_id_t) -> Int {
    let id = UInt16(kernel.rawValue)
    if let known = kernels.firstIndex(where: { $0.id == id }) { return known }
    kernels.append(
      shunt_blob_kernel_t(
        id: id, set: UInt8(SHUNT_SET_PORTABLE.rawValue), version: 1, name: name("kernel\(id)")))
    return kernels.count - 1
  }

  private func io(_ tensor: Int, _ name: UInt32) -> shunt_blob_io_t {
    var io = shunt_blob_io_t()
    io.tensor = UInt32(tensor)
    io.name = name
    io.external_type = UInt8(SHUNT_TYPE_S8.rawValue)
    return io
  }

  private func raw<Record: BitwiseCopyable>(_ records: [Record]) -> [UInt8] {
    records.withUnsafeBytes { Array($0) }
  }
}

extension TestBlob {
  /// A blob of one step with the given input shapes; inputs and output are the model's own.
  static func single<Params: BitwiseCopyable>(
    _ kernel: shunt_kernel_id_t, inputs: [[Int]], output: [Int],
    params: (inout TestBlob) -> Params
  ) -> TestBlob {
    var blob = TestBlob()
    let ins = inputs.map { blob.tensor($0) }
    let out = blob.tensor(output, alive: 0...1)
    let values = params(&blob)
    blob.step(kernel, inputs: ins, output: out, params: values)
    for input in ins { blob.input(input) }
    blob.output(out)
    return blob
  }

  /// A blob of one step with scratch behind its tensors.
  func withScratch(_ bytes: Int) -> TestBlob {
    var blob = self
    blob.steps[0].scratch_offset = bytes == 0 ? 0 : blob.header.arena_bytes
    blob.steps[0].scratch_bytes = UInt32(bytes)
    blob.header.arena_bytes += UInt32((bytes + 15) & ~15)
    return blob
  }

  /// A blob of one step whose input begins `lead` bytes, rounded up to a legal number, behind its
  /// output; in front of scratch, which is added afterwards.
  func overlapped(lead: Int) -> TestBlob {
    var blob = self
    let lead = Int((Double(lead) / 16).rounded(.up)) * 16
    blob.tensors[0].offset = UInt32(max(0, lead))
    blob.tensors[1].offset = UInt32(max(0, -lead))
    let end = blob.tensors[0...1].map { $0.offset + $0.bytes }.max() ?? 0
    blob.header.arena_bytes = (end + 15) & ~15
    return blob
  }

  /// Whether its first two tensors share bytes.
  var tensorsOverlap: Bool {
    tensors[0].offset < tensors[1].offset + tensors[1].bytes
      && tensors[1].offset < tensors[0].offset + tensors[0].bytes
  }

  /// A legal blob of three steps that uses scratch, state and the in-place rule: copy, requantize in
  /// place, add.
  static func sample() -> TestBlob {
    var blob = TestBlob()
    let input = blob.tensor([1, 4, 4, 2], alive: 0...2)
    let copied = blob.tensor([32], alive: 0...1)
    let scaled = blob.tensor([32], alive: 1...2)
    let sum = blob.tensor([1, 4, 4, 2], alive: 2...3)
    blob.tensors[scaled].offset = blob.tensors[copied].offset
    let state = blob.tensor([16])
    blob.tensors[state].storage = UInt8(SHUNT_STORAGE_STATE.rawValue)
    blob.header.state_offset = blob.tensors[state].offset
    blob.header.state_bytes = 16
    blob.header.flags = UInt32(SHUNT_BLOB_STATEFUL | SHUNT_BLOB_INPUT_SURVIVES)
    let start = blob.constant([UInt8](1...8))
    blob.stateInits = [
      .init(arena_offset: blob.header.state_offset, bytes: 8, data_offset: start, fill: 0),
      .init(arena_offset: blob.header.state_offset + 8, bytes: 4, data_offset: 0, fill: 7),
    ]
    blob.step(
      SHUNT_KERNEL_COPY, inputs: [input], output: copied,
      params: shunt_copy_params_t(bytes: 32, reserved: 0))
    blob.step(
      SHUNT_KERNEL_REQUANTIZE_S8, inputs: [copied], output: scaled,
      params: shunt_requantize_params_t(
        count: 32, input_zero_point: 3, multiplier: 1 << 30, shift: 0, output_zero_point: -5,
        reserved: 0))
    blob.step(
      SHUNT_KERNEL_ADD_S8, inputs: [input, scaled], output: sum,
      params: shunt_add_params_t.sameScale(shape: (1, 4, 4, 2)))
    blob.steps[1].scratch_offset = blob.header.arena_bytes
    blob.steps[1].scratch_bytes = 20
    blob.header.arena_bytes += 32
    blob.input(input)
    blob.output(sum)
    return blob
  }
}

extension shunt_add_params_t {
  /// Adds two dense tensors of one shape whose scales are all equal.
  static func sameScale(shape: (UInt32, UInt32, UInt32, UInt32)) -> shunt_add_params_t {
    let strides = (shape.1 * shape.2 * shape.3, shape.2 * shape.3, shape.3, UInt32(1))
    return shunt_add_params_t(
      dims: shape, strides: (strides, strides), input_zero_point: (0, 0),
      input_multiplier: (1 << 30, 1 << 30), input_shift: (0, 0), left_shift: 20,
      output_multiplier: 1 << 30, output_shift: -18, output_zero_point: 0, clamp_min: -128,
      clamp_max: 127)
  }
}
