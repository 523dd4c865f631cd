// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import TestSupport
import Testing

@testable import BlobFormat

/// The kernels with weights of four bits against the definition of those with eight.
@Suite struct NibbleKernelTests {
  private func run(_ blob: TestBlob, _ input: [Int8]) throws -> [Int8] {
    let outputs = try HostModel(blob: blob.bytes()).run(inputs: [bytes(input)])
    return int8s(try #require(outputs.first))
  }

  /// Weights m · q with an m for every run; one array in three is made of extremes only.
  private func weights(
    _ random: inout TestSupport.SplitMix64, _ shape: NibbleRows.Shape, runLength: Int
  ) -> [Int8] {
    let extreme = random.int(0...2) == 0
    var weights: [Int8] = []
    for _ in 0..<shape.groups * shape.rowsPerGroup {
      var multiplier = 1
      for index in 0..<shape.rowLength {
        if index.isMultiple(of: runLength) { multiplier = extreme ? 15 : random.int(1...15) }
        weights.append(
          Int8(multiplier * (extreme ? [-8, 7][random.int(0...1)] : random.int(-8...7))))
      }
    }
    return weights
  }

  private func record(_ rows: NibbleRows, in blob: inout TestBlob) -> shunt_nibbles_t {
    shunt_nibbles_t(
      multipliers: blob.constant(rows.multipliers), run_length: UInt32(rows.runLength),
      reserved: (0, 0))
  }

  @Test("conv2d_s4 equals the definition of conv2d_s8", arguments: 0..<8)
  func convolution(seed: Int) throws {
    var random = TestSupport.SplitMix64(seed: UInt64(900 + seed))
    for _ in 0..<40 {
      let groups = [1, 1, 2, 3][random.int(0...3)]
      var c = ConvolutionCase(
        &random, groups: groups, dilated: random.int(0...2) == 0, groupOutputs: 1...9)
      if random.int(0...3) == 0 {
        (c.kernelHeight, c.kernelWidth, c.padTop, c.padLeft) = (1, 1, 0, 0)
      }
      let depth = c.inChannels / groups
      let kernel = c.kernelHeight * c.kernelWidth * depth
      let shape = NibbleRows.Shape(
        groups: groups, rowsPerGroup: c.outChannels / groups, rowLength: kernel)
      let runLength = [16, 32, 48, 1024][random.int(0...3)]
      let weights = weights(&random, shape, runLength: runLength)
      let rows = try #require(NibbleRows(bytes(weights), shape: shape, runLength: runLength))
      let sums = (0..<c.outChannels).map { channel in
        weights[channel * kernel..<(channel + 1) * kernel].reduce(0) { $0 + Int($1) }
      }
      var blob = TestBlob.single(
        SHUNT_KERNEL_CONV2D_S4, inputs: [c.inShape], output: c.outShape
      ) { blob in
        shunt_conv2d_s4_params_t(
          convolution: shunt_conv2d_params_t(
            window: c.window, weights: blob.constant(rows.weights),
            channels: blob.constant(records: c.channels(weightSums: sums)),
            input_zero_point: Int32(c.inputZeroPoint), output_zero_point: Int32(c.outputZeroPoint),
            clamp_min: Int32(c.clampMin), clamp_max: Int32(c.clampMax), groups: UInt32(groups),
            reserved: 0),
          nibbles: record(rows, in: &blob))
      }
      blob.addScratch(kernel)
      let input = random.int8s(c.inCount)
      let expected = Reference.convolve(c, input) { channel, ky, kx, k in
        Int(weights[channel * kernel + (ky * c.kernelWidth + kx) * depth + k])
      }
      #expect(try run(blob, input) == expected, "\(c), runs of \(runLength)")
    }
  }

  @Test("fully_connected_s4 equals the definition of fully_connected_s8", arguments: 0..<4)
  func fullyConnected(seed: Int) throws {
    var random = TestSupport.SplitMix64(seed: UInt64(950 + seed))
    for _ in 0..<40 {
      var c = ConvolutionCase(&random, groups: 1, dilated: false, groupOutputs: 1...11)
      (c.inHeight, c.inWidth, c.outHeight, c.outWidth) = (1, 1, 1, 1)
      (c.kernelHeight, c.kernelWidth, c.padTop, c.padLeft) = (1, 1, 0, 0)
      c.inChannels = random.int(1...150)
      let shape = NibbleRows.Shape(rowsPerGroup: c.outChannels, rowLength: c.inChannels)
      let runLength = [16, 32, 64, 160][random.int(0...3)]
      let weights = weights(&random, shape, runLength: runLength)
      let rows = try #require(NibbleRows(bytes(weights), shape: shape, runLength: runLength))
      let sums = (0..<c.outChannels).map { channel in
        weights[channel * c.inChannels..<(channel + 1) * c.inChannels].reduce(0) { $0 + Int($1) }
      }
      let blob = TestBlob.single(
        SHUNT_KERNEL_FULLY_CONNECTED_S4, inputs: [[c.batches, c.inChannels]],
        output: [c.batches, c.outChannels]
      ) { blob in
        shunt_fully_connected_s4_params_t(
          layer: shunt_fully_connected_params_t(
            batches: UInt32(c.batches), inputs: UInt32(c.inChannels),
            outputs: UInt32(c.outChannels), weights: blob.constant(rows.weights),
            channels: blob.constant(records: c.channels(weightSums: sums)),
            output_zero_point: Int32(c.outputZeroPoint), clamp_min: Int32(c.clampMin),
            clamp_max: Int32(c.clampMax)),
          nibbles: record(rows, in: &blob))
      }
      let input = random.int8s(c.inCount)
      let expected = Reference.convolve(c, input) { channel, _, _, k in
        Int(weights[channel * c.inChannels + k])
      }
      #expect(try run(blob, input) == expected, "\(c), runs of \(runLength)")
    }
  }

  @Test("rows are laid out as the specification's example")
  func layoutOfExample() throws {
    let rows = try #require(
      NibbleRows(
        bytes([-8, 7, 0, 1, 5, 6, 12, -48, 0, -6]),
        shape: NibbleRows.Shape(rowsPerGroup: 2, rowLength: 5), runLength: 16))
    #expect(rows.multipliers == [0x61])
    #expect(rows.weights == [0xf0, 0x98, 0xa9, 0x80, 0x8d, 0x88, 0x87, 0x88])
  }

  // MARK: Refusals

  static let cases: [ParameterCase] = [convolution, pointwise, dense, denseOfDSP]

  private static func nibbles(_ multipliers: UInt32) -> shunt_nibbles_t {
    shunt_nibbles_t(multipliers: multipliers, run_length: 16, reserved: (0, 0))
  }

  private static func channels(_ count: Int) -> [shunt_channel_t] {
    .init(repeating: shunt_channel_t(bias: 5, multiplier: 1 << 30, shift: -4), count: count)
  }

  /// A kernel of 3 x 3, or 1 x 1, over [1, 4, 4, 6], in two groups; three channels each.
  private static func convolution(extent: UInt16) -> TestBlob {
    let side = 5 - extent
    let length = Int(extent) * Int(extent) * 3
    var blob = TestBlob.single(
      SHUNT_KERNEL_CONV2D_S4, inputs: [[1, 4, 4, 6]], output: [1, Int(side), Int(side), 6]
    ) { blob in
      // Multipliers and weights end CONSTANTS: more of either would not be there.
      let channels = blob.constant(records: channels(6))
      let multipliers = blob.constant([UInt8](repeating: 0xF3, count: 4 * ((length + 15) / 16)))
      return shunt_conv2d_s4_params_t(
        convolution: shunt_conv2d_params_t(
          window: shunt_window_t(
            in_height: 4, in_width: 4, in_channels: 6, out_height: side, out_width: side,
            out_channels: 6, kernel_height: extent, kernel_width: extent, stride_height: 1,
            stride_width: 1, dilation_height: 1, dilation_width: 1, pad_top: 0, pad_left: 0,
            batches: 1, reserved: 0),
          weights: blob.constant([UInt8](repeating: 0x3C, count: 16 * ((length + 3) / 4))),
          channels: channels, input_zero_point: 3, output_zero_point: 0, clamp_min: -128,
          clamp_max: 127, groups: 2, reserved: 0),
        nibbles: nibbles(multipliers))
    }
    if extent > 1 { blob.addScratch(length) }
    return blob
  }

  static var convolution: ParameterCase {
    ParameterCase(
      testDescription: "conv2d_s4", blob: convolution(extent: 3),
      illegal: [
        (0, 5 << 16 | 4), (1, 4 << 16 | 6), (2, 4 << 16 | 2), (3, 0), (3, 4 << 16 | 3), (4, 0),
        (5, 0), (7, 2), (7, 1 << 16 | 1), (8, 8), (8, 0x4000_0000), (9, 0), (9, 8), (10, 128),
        (11, -129), (12, 128), (13, -129), (14, 0), (14, 1), (14, 4), (14, -1), (15, 1), (16, 4),
        (16, 0x4000_0000), (17, 0), (17, 8), (17, 17), (18, 1), (19, 1),
      ])
  }

  static var pointwise: ParameterCase {
    ParameterCase(
      testDescription: "conv2d_s4 1x1", blob: convolution(extent: 1),
      // Padding or a stride beyond the image needs scratch, and there is none.
      illegal: [(4, 2 << 16 | 1), (4, 1 << 16 | 2), (6, 1 << 16), (6, 1)])
  }

  static var dense: ParameterCase {
    let blob = TestBlob.single(
      SHUNT_KERNEL_FULLY_CONNECTED_S4, inputs: [[2, 18]], output: [2, 5]
    ) { blob in
      let channels = blob.constant(records: channels(5))
      let multipliers = blob.constant([UInt8](repeating: 0x2F, count: 3 * 2))
      return shunt_fully_connected_s4_params_t(
        layer: shunt_fully_connected_params_t(
          batches: 2, inputs: 18, outputs: 5,
          weights: blob.constant([UInt8](repeating: 0x9A, count: 3 * 5 * 4)), channels: channels,
          output_zero_point: 0, clamp_min: -128, clamp_max: 127),
        nibbles: nibbles(multipliers))
    }
    return ParameterCase(
      testDescription: "fully_connected_s4", blob: blob,
      illegal: [
        (0, 1), (0, 0), (1, 19), (1, -1), (2, 6), (2, -1), (3, 4), (3, 0), (3, 0x7FFF_FFF0), (4, 0),
        (5, 128), (6, 128), (7, -129), (8, 8), (8, 0), (9, 0), (9, 24), (10, 1), (11, -1),
      ])
  }

  /// The kernel of the dsp set: a four and a pair of outputs, 18 inputs in two runs.
  private static func blobOfDSP() -> TestBlob {
    var blob = TestBlob.single(
      SHUNT_KERNEL_FULLY_CONNECTED_S4, inputs: [[2, 18]], output: [2, 5]
    ) { blob in
      let scale = shunt_dsp_scale_t(multiplier: 1 << 30, addend: 1 << 20)
      let biases = [Int32](repeating: 5, count: 6)
      let channels = blob.constant(
        biases.recordBytes + [shunt_dsp_scale_t](repeating: scale, count: 5).recordBytes)
      let multipliers = blob.constant([UInt8](repeating: 0x2F, count: 3 * 2))
      return shunt_fully_connected_s4_params_t(
        layer: shunt_fully_connected_params_t(
          batches: 2, inputs: 18, outputs: 5,
          weights: blob.constant([UInt8](repeating: 0x9A, count: 3 * 3 * 8)), channels: channels,
          output_zero_point: 0, clamp_min: -128, clamp_max: 127),
        nibbles: nibbles(multipliers))
    }
    blob.kernels[0].set = UInt8(SHUNT_SET_DSP.rawValue)
    blob.addScratch(4 * (3 * 4 + 2 * 5))
    return blob
  }

  static var denseOfDSP: ParameterCase {
    ParameterCase(
      testDescription: "fully_connected_s4 of the dsp set", blob: blobOfDSP(),
      illegal: [
        (0, 1), (0, 0), (1, 19), (1, -1), (2, 6), (2, -1), (3, 4), (3, 0), (3, 0x7FFF_FFF0), (4, 0),
        (5, 128), (6, 128), (7, -129), (8, 8), (8, 0), (8, 0x7FFF_FFF0), (9, 0), (9, 8), (9, 24),
        (9, 48), (9, 64), (10, 1), (11, -1),
      ])
  }

  @Test("a legal step opens and runs; no illegal parameter does", arguments: cases)
  func refusesIllegalParameters(_ example: ParameterCase) throws {
    try example.expectRefusals()
  }

  @Test("a flipped bit of the parameters is refused or harmless", arguments: cases)
  func flippedBits(_ example: ParameterCase) throws {
    try example.expectHarmlessFlips()
  }

  @Test("a step whose scratch is one byte short is refused")
  func shortScratch() throws {
    for legal in [Self.convolution(extent: 3), Self.blobOfDSP()] {
      var blob = legal
      #expect(throws: Never.self) { try HostModel(blob: blob.bytes()) }
      blob.steps[0].scratch_bytes -= 1
      #expect(throws: HostRuntimeError.self) { try HostModel(blob: blob.bytes()) }
    }
  }
}

extension TestBlob {
  /// Gives step 0 scratch of its own at the arena's end.
  fileprivate mutating func addScratch(_ byteCount: Int) {
    steps[0].scratch_offset = header.arena_bytes
    steps[0].scratch_bytes = UInt32(byteCount)
    header.arena_bytes += UInt32((byteCount + 15) & ~15)
  }
}
