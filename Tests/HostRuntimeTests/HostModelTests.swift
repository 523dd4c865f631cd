// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

@Suite struct HostModelTests {
  private static let ramp = (0..<32).map { UInt8($0) }

  @Test("a model tells its sizes and names")
  func sizes() throws {
    let blob = TestBlob.sample()
    let model = try HostModel(blob: blob.bytes())
    #expect(model.inputCount == 1 && model.outputCount == 1 && model.stepCount == 3)
    #expect(model.inputByteCount(0) == 32 && model.outputByteCount(0) == 32)
    #expect(model.inputByteCount(1) == 0 && model.outputByteCount(-1) == 0)
    #expect(model.arenaBytes == Int(blob.header.arena_bytes))
    #expect(model.stepName(2) == "s2" && model.stepName(3) == "" && model.tensorName(1) == "t1")
  }

  @Test("the sample computes x + ((x - 3) / 2 - 5)")
  func sampleResult() throws {
    let output = try HostModel(blob: TestBlob.sample().bytes()).run(inputs: [Self.ramp])
    let expected = (0..<32).map { x in
      // The requantization halves, ties rounding up; the addition is exact.
      UInt8(truncatingIfNeeded: x + ((x - 3 + 1) >> 1) - 5)
    }
    #expect(output == [expected])
  }

  @Test("a tap sees what every step writes, and changes nothing")
  func tap() throws {
    let model = try HostModel(blob: TestBlob.sample().bytes())
    var seen: [Int: [UInt8]] = [:]
    var order: [Int] = []
    let tapped = try model.run(inputs: [Self.ramp]) { step, outputs in
      order.append(step)
      for output in outputs { seen[output.tensor] = output.bytes }
    }
    #expect(order == [0, 1, 2])
    #expect(seen[1] == Self.ramp && seen[3] == tapped[0] && seen.count == 3)
    #expect(try model.run(inputs: [Self.ramp]) == tapped)
  }

  @Test("inputs of the wrong number or size are refused")
  func wrongInputs() throws {
    let model = try HostModel(blob: TestBlob.sample().bytes())
    #expect(throws: HostRuntimeError.wrongInputCount(expected: 1, given: 0)) {
      try model.run(inputs: [])
    }
    #expect(
      throws: HostRuntimeError.wrongInputSize(index: 0, expectedBytes: 32, givenBytes: 31)
    ) { try model.run(inputs: [[UInt8](repeating: 0, count: 31)]) }
  }

  @Test("a missing kernel is named")
  func missingKernel() {
    var blob = TestBlob.sample()
    blob.kernels[1].set = UInt8(SHUNT_SET_MVE.rawValue)
    #expect(
      throws: HostRuntimeError.missingKernel(name: "kernel8", id: 8, set: 3, version: 1)
    ) { try HostModel(blob: blob.bytes()) }
  }

  @Test("a step that its kernel refuses is named")
  func invalidStep() {
    var blob = TestBlob.sample()
    blob.steps[1].params_bytes = 20
    #expect(throws: HostRuntimeError.invalidStep(index: 1, name: "s1", kernel: "kernel8")) {
      try HostModel(blob: blob.bytes())
    }
  }

  @Test("a form of channel records is refused by kernels that have none")
  func channelForms() {
    var blob = TestBlob.sample()
    blob.steps[1].flags = UInt16(SHUNT_REQUANTIZE_LINE.rawValue)
    #expect(throws: HostRuntimeError.invalidStep(index: 1, name: "s1", kernel: "kernel8")) {
      try HostModel(blob: blob.bytes())
    }
  }

  @Test("the build contains the portable kernels")
  func availableKernels() {
    let kernels = HostKernel.available.filter { $0.set == Int(SHUNT_SET_PORTABLE.rawValue) }
    #expect(Set(kernels.map(\.id)).isSuperset(of: Array(1...9) + [30, 31]))
    #expect(Set(kernels.map(\.id)).count == kernels.count)
    #expect(kernels.allSatisfy { $0.version == 1 && !$0.name.isEmpty })
  }

  @Test("reset brings the state back to the blob's bytes")
  func reset() throws {
    // The state is read by a copy to the output, which the test can see.
    var blob = TestBlob()
    let state = blob.tensor([32])
    blob.tensors[state].storage = UInt8(SHUNT_STORAGE_STATE.rawValue)
    blob.header.state_bytes = 32
    blob.header.flags = UInt32(SHUNT_BLOB_STATEFUL)
    let input = blob.tensor([32], alive: 0...1)
    let output = blob.tensor([32], alive: 0...2)
    let start = blob.constant([UInt8](1...8))
    blob.stateInits = [
      .init(arena_offset: 0, bytes: 8, data_offset: start, fill: 0),
      .init(arena_offset: 8, bytes: 4, data_offset: 0, fill: 7),
    ]
    let params = shunt_copy_params_t(bytes: 32, reserved: 0)
    blob.step(SHUNT_KERNEL_COPY, inputs: [state], output: output, params: params)
    blob.step(SHUNT_KERNEL_COPY, inputs: [input], output: state, params: params)
    blob.input(input)
    blob.output(output)
    let model = try HostModel(blob: blob.bytes())
    let first = [UInt8](1...8) + [7, 7, 7, 7] + [UInt8](repeating: 0, count: 20)
    #expect(try model.run(inputs: [Self.ramp]) == [first])
    #expect(try model.run(inputs: [Self.ramp]) == [Self.ramp])
    model.reset()
    #expect(try model.run(inputs: [Self.ramp]) == [first])
  }
}
