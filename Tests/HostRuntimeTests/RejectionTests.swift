// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// What shunt_open refuses, one rule at a time; the CRC is right in all of them.
@Suite struct RejectionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var status = SHUNT_ERR_FORMAT
    var spoil: @Sendable (inout TestBlob) -> Void
    init(_ text: String, _ spoil: @escaping @Sendable (inout TestBlob) -> Void) {
      testDescription = text
      self.spoil = spoil
    }
    init(
      _ text: String, _ status: shunt_status_t,
      _ spoil: @escaping @Sendable (inout TestBlob) -> Void
    ) {
      self.init(text, spoil)
      self.status = status
    }
  }

  static let header: [Case] = [
    Case("another magic", SHUNT_ERR_MAGIC) { $0.header.magic.0 = 0x73 },
    Case("another major version", SHUNT_ERR_VERSION) { $0.header.version_major = 2 },
    Case("more bytes than there are", SHUNT_ERR_TRUNCATED) { $0.spoilBytes = { $0.removeLast() } },
    Case("fewer bytes than a header") { $0.spoilBytes = { $0[12...15] = [64, 0, 0, 0] } },
    Case("an odd total size") { $0.spoilBytes = { $0[12] -= 8 } },
    Case("an odd arena size") { $0.header.arena_bytes += 8 },
    Case("an arena over 2 GiB") { $0.header.arena_bytes = 0x8000_0000 },
    Case("an unknown flag") { $0.header.flags |= 4 },
    Case("an unknown rounding") { $0.header.rounding = 2 },
    Case("state without the flag") { $0.header.flags &= ~UInt32(SHUNT_BLOB_STATEFUL) },
    Case("state behind the arena") { $0.header.state_offset = $0.header.arena_bytes },
    Case("state that is not aligned") { $0.header.state_offset += 4 },
    Case("a section table elsewhere") { $0.header.sections_offset = 112 },
    Case("reserved bytes in use") { $0.header.reserved.1 = 1 },
    Case("more sections than the limit") { $0.spoilBytes = { $0[28] = 65 } },
    Case("more sections than the blob has room for") { $0.spoilBytes = { $0[31] = 0x10 } },
  ]

  static let sections: [Case] = [
    Case("a section that is not aligned") { $0.spoilSections = { $0[1].offset += 8 } },
    Case("a section behind the end") { $0.spoilSections = { $0[8].offset = 0x10000 } },
    Case("a section whose end wraps") { $0.spoilSections = { $0[0].bytes = 0xFFFF_FFF0 } },
    Case("a section over the section table") { $0.spoilSections = { $0[0].offset = 96 } },
    Case("sections that overlap") { $0.spoilSections = { $0[1].offset = $0[0].offset } },
    Case("a kind that occurs twice") { $0.spoilSections = { $0[8].kind = $0[7].kind } },
    Case("an unknown section flag") { $0.spoilSections = { $0[1].flags = 2 } },
    Case("half a record") { $0.spoilSections = { $0[2].bytes -= 4 } },
    Case("a required section of unknown kind", SHUNT_ERR_VERSION) {
      $0.spoilSections = { $0[8].kind = 99 }
    },
    Case("no strings") { $0.spoilSections = { $0[1].bytes = 0 } },
    Case("strings that do not begin with NUL") { $0.strings[0] = 65 },
    Case("strings that do not end with NUL") { $0.strings.append(65) },
    Case("more kernels than the limit") {
      $0.kernels = Array(repeating: $0.kernels[0], count: Int(SHUNT_MAX_KERNELS) + 1)
    },
    Case("more tensors than the limit") {
      $0.tensors += Array(repeating: $0.tensors[0], count: 4096)
    },
    Case("more steps than the limit") { $0.steps += Array(repeating: $0.steps[0], count: 4096) },
  ]

  static let tensors: [Case] = [
    Case("a tensor name outside STRINGS") { $0.tensors[0].name = UInt32($0.strings.count) },
    Case("a tensor of unknown type") { $0.tensors[0].type = 9 },
    Case("a tensor of type 0") { $0.tensors[0].type = 0 },
    Case("a tensor of rank 7") { $0.tensors[0].rank = 7 },
    Case("a tensor of reserved layout") { $0.tensors[0].layout = 1 },
    Case("a tensor of unknown storage") { $0.tensors[0].storage = 4 },
    Case("dimensions outside INDICES") { $0.tensors[0].dims = UInt32($0.indices.count) - 3 },
    Case("an index of dimensions that wraps") { $0.tensors[0].dims = 0xFFFF_FFFF },
    Case("a dimension of 0") { $0.indices[0] = 0 },
    Case("dimensions whose product wraps 32 bits") {
      $0.indices[0] = 0x8000_0001
      $0.indices[1] = 2
      $0.indices[2] = 1
      $0.indices[3] = 1
      $0.tensors[0].bytes = 2
    },
    Case("a size that disagrees with the shape") { $0.tensors[0].bytes = 31 },
    Case("a scale that is not a number") { $0.tensors[0].scale = .nan },
    Case("a negative scale") { $0.tensors[0].scale = -1 },
    Case("a zero point outside int8") { $0.tensors[0].zero_point = 128 },
    Case("a tensor that is not aligned") { $0.tensors[2].offset += 8 },
    Case("a tensor behind the arena") { $0.tensors[3].offset = $0.header.arena_bytes - 16 },
    Case("a tensor whose end wraps") { $0.tensors[3].offset = 0xFFFF_FFF0 },
    Case("an activation in the state region") { $0.tensors[3].offset = $0.header.state_offset },
    Case("a state tensor outside the state region") { $0.tensors[4].offset = 0 },
    Case("a constant tensor outside CONSTANTS") {
      $0.tensors[4].storage = UInt8(SHUNT_STORAGE_CONSTANT.rawValue)
      $0.tensors[4].offset = 0
    },
    Case("a life that ends before it begins") { $0.tensors[1].first_step = 2 },
    Case("a life beyond the last step") { $0.tensors[3].last_step = 4 },
  ]

  static let steps: [Case] = [
    Case("a step name outside STRINGS") { $0.steps[0].name = 0xFFFF_FFFF },
    Case("a kernel index outside KERNELS") { $0.steps[0].kernel = 3 },
    Case("a kernel name outside STRINGS") { $0.kernels[0].name = UInt32($0.strings.count) },
    Case("unknown step flags") { $0.steps[0].flags = 4 },
    Case("reserved bytes of a step in use") { $0.steps[0].reserved = 1 },
    Case("operands outside INDICES") { $0.steps[0].operands = UInt32($0.indices.count) - 1 },
    Case("an operand outside TENSORS") { $0.indices[Int($0.steps[0].operands)] = 5 },
    Case("an input that is not alive") { $0.tensors[0].last_step = 1 },
    Case("an output that is not alive") { $0.tensors[1].first_step = 1 },
    Case("an output in CONSTANTS") {
      $0.tensors[3].storage = UInt8(SHUNT_STORAGE_CONSTANT.rawValue)
      $0.tensors[3].offset = UInt32(TestBlob.constantsOffset)
    },
    Case("parameters that are not aligned") { $0.steps[0].params_offset += 4 },
    Case("parameters outside CONSTANTS") { $0.steps[0].params_offset = 0 },
    Case("parameters that reach behind CONSTANTS") { $0.steps[2].params_bytes = 112 },
    Case("scratch that is not aligned") { $0.steps[1].scratch_offset -= 8 },
    Case("scratch behind the arena") { $0.steps[1].scratch_bytes = 33 },
    Case("scratch without bytes, but with an offset") { $0.steps[1].scratch_bytes = 0 },
    Case("scratch in the state region") { $0.steps[1].scratch_offset = $0.header.state_offset },
    Case("source operators outside INDICES") { $0.steps[2].source_count = 2 },
  ]

  static let edges: [Case] = [
    Case("an input outside TENSORS") { $0.inputs[0].tensor = 5 },
    Case("an output outside TENSORS") { $0.outputs[0].tensor = 5 },
    Case("an input name outside STRINGS") { $0.inputs[0].name = UInt32($0.strings.count) },
    Case("an external type that differs without conversion") { $0.inputs[0].external_type = 5 },
    Case("an input that is to be dequantized") {
      $0.inputs[0].host_op = 2
      $0.inputs[0].external_type = 5
    },
    Case("an output that is to be quantized") {
      $0.outputs[0].host_op = 1
      $0.outputs[0].external_type = 5
    },
    Case("reserved bytes of an input in use") { $0.inputs[0].reserved1 = 1 },
    Case("an input that is the state") { $0.inputs[0].tensor = 4 },
    Case("an input that is not alive at the first step") { $0.inputs[0].tensor = 3 },
    Case("an output that dies before the end") { $0.outputs[0].tensor = 2 },
    Case("inputs that overlap") { $0.inputs.append($0.inputs[0]) },
    Case("a state initializer outside the state region") { $0.stateInits[0].arena_offset -= 16 },
    Case("a state initializer that reads outside CONSTANTS") { $0.stateInits[0].data_offset = 8 },
    Case("a state initializer without bytes") { $0.stateInits[1].bytes = 0 },
    Case("a state initializer that fills with 256") { $0.stateInits[1].fill = 256 },
  ]

  static let overlaps: [Case] = [
    Case("an output over a tensor that is read later") {
      $0.tensors[1].offset = $0.tensors[0].offset
      $0.tensors[2].offset = $0.tensors[0].offset
    },
    Case("an output in place of an input that is read later") { $0.tensors[1].last_step = 2 },
    Case("an output over the input that is said to survive") {
      $0.tensors[3].offset = $0.tensors[0].offset
    },
    Case("scratch over the step's input") { $0.steps[1].scratch_offset = $0.tensors[1].offset },
    Case("scratch over the input that is said to survive") {
      $0.tensors[0].last_step = 2
      $0.steps[1].scratch_offset = $0.tensors[0].offset
    },
    Case("an output that is listed twice") {
      $0.steps[0].output_count = 2
      $0.steps[0].operands = UInt32($0.indices.count)
      $0.indices += [0, 1, 1]
    },
    Case("an in-place output that is shifted", SHUNT_ERR_PARAMS) {
      $0.header.arena_bytes += 64
      $0.tensors[1].offset = $0.header.arena_bytes - 64
      $0.tensors[2].offset = $0.header.arena_bytes - 48
    },
  ]

  @Test("the sample itself is accepted")
  func sample() throws {
    _ = try HostModel(blob: TestBlob.sample().bytes())
  }

  @Test(
    "one broken rule is enough to be refused",
    arguments: [header, sections, tensors, steps, edges, overlaps].joined().map { $0 })
  func refused(_ broken: Case) {
    var blob = TestBlob.sample()
    broken.spoil(&blob)
    #expect(status(of: blob.bytes()) == broken.status)
  }

  @Test("an unknown section that is not required is skipped")
  func optionalSection() throws {
    var blob = TestBlob.sample()
    blob.stateInits = []
    blob.spoilSections = {
      $0[8].kind = 99
      $0[8].flags = 0
    }
    _ = try HostModel(blob: blob.bytes())
  }

  @Test("bytes behind the blob are ignored")
  func trailingBytes() throws {
    _ = try HostModel(blob: TestBlob.sample().bytes() + [1, 2, 3])
  }

  @Test("a blob that is cut anywhere is refused")
  func truncated() {
    let blob = TestBlob.sample().bytes()
    for length in 0..<blob.count {
      #expect(status(of: Array(blob[..<length])) == SHUNT_ERR_TRUNCATED, "\(length) bytes")
    }
  }

  @Test("every flipped bit is noticed, but for the minor version")
  func flippedBits() {
    let blob = TestBlob.sample().bytes()
    // A reader accepts every minor version, and the CRC begins behind it.
    for bit in 0..<blob.count * 8 where !(10..<12).contains(bit / 8) {
      var flipped = blob
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(status(of: flipped) != SHUNT_OK, "bit \(bit)")
    }
  }

  @Test("a flipped bit under a correct CRC is refused or harmless")
  func flippedBitsWithCRC() throws {
    let blob = TestBlob.sample().bytes()
    var accepted = 0
    for bit in 20 * 8..<blob.count * 8 {
      var flipped = blob
      flipped[bit / 8] ^= 1 << (bit % 8)
      TestBlob.refreshCRC(&flipped)
      guard let model = try? HostModel(blob: flipped) else { continue }
      accepted += 1
      _ = try model.run(
        inputs: (0..<model.inputCount).map { .init(repeating: 1, count: model.inputByteCount($0)) })
    }
    #expect(accepted > 0 && accepted < blob.count * 8)
  }

  @Test("blob and arena must be aligned, the arena large enough, and bound before a run")
  func misuse() throws {
    let bytes = TestBlob.sample().bytes()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 16, alignment: 16)
    defer { memory.deallocate() }
    var model = shunt_model_t()
    memory.copyMemory(from: bytes, byteCount: bytes.count)
    var empty = shunt_kernel_table_t(kernels: nil, count: 0)
    #expect(shunt_open(nil, memory, bytes.count, &empty) == SHUNT_ERR_ARGUMENT)
    #expect(shunt_open(&model, nil, bytes.count, &empty) == SHUNT_ERR_ARGUMENT)
    #expect(shunt_open(&model, memory, bytes.count, nil) == SHUNT_ERR_ARGUMENT)
    #expect(shunt_open(&model, memory + 8, bytes.count, &empty) == SHUNT_ERR_ALIGNMENT)
    #expect(shunt_open(&model, memory, bytes.count, &empty) == SHUNT_ERR_KERNEL)
    // A model that was not opened offers nothing to run.
    #expect(shunt_bind(&model, memory, bytes.count) == SHUNT_ERR_ARGUMENT)
    #expect(shunt_run(&model) == SHUNT_ERR_STATE && shunt_reset(&model) == SHUNT_ERR_STATE)
    #expect(shunt_run_step(&model, 0) == SHUNT_ERR_STATE)
    #expect(shunt_input(&model, 0) == nil && shunt_output_data(&model, 0) == nil)
  }

  @Test("every status has a text of its own")
  func statusTexts() {
    let texts = (-11...0).map { String(cString: shunt_status_text(.init(rawValue: $0))) }
    #expect(Set(texts).count == texts.count && texts.allSatisfy { !$0.isEmpty })
  }

  /// What opening a blob returns, as the host's runtime reports it.
  private func status(of bytes: [UInt8]) -> shunt_status_t {
    do throws(HostRuntimeError) {
      _ = try HostModel(blob: bytes)
      return SHUNT_OK
    } catch {
      switch error {
      case .invalidBlob(let status, _): return shunt_status_t(rawValue: Int32(status))
      case .missingKernel: return SHUNT_ERR_KERNEL
      case .invalidStep: return SHUNT_ERR_PARAMS
      default: return SHUNT_OK
      }
    }
  }
}
