// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// What the kernels of int16 convolutions, transposed convolutions and products of two activations
/// refuse, one parameter at a time.
@Suite struct MatrixRejectionTests {
  static let cases: [ParameterCase] = [
    product(.s8), product(.s16), convolution, depthwise, dense, transposed(.s8), transposed(.s16),
  ]

  /// The type of all activations of a step.
  enum Width: String { case s8, s16 }

  /// [2, 3, 4] times [2, 4, 5].
  static func product(_ width: Width) -> ParameterCase {
    let isWide = width == .s16
    var blob = TestBlob.single(
      isWide ? SHUNT_KERNEL_BATCH_MATMUL_S16 : SHUNT_KERNEL_BATCH_MATMUL_S8,
      inputs: [[2, 3, 4], [2, 4, 5]], output: [2, 3, 5]
    ) { _ in
      shunt_batch_matmul_params_t(
        batches: (1, 1, 2), rows: 3, columns: 5, depth: 4, batch_strides: ((0, 0, 12), (0, 0, 20)),
        row_stride: 4, column_stride: 1, depth_strides: (1, 5), input_zero_point: (0, 0),
        multiplier: isWide ? 20000 : 1 << 30, shift: -3, output_zero_point: 0, clamp_min: -128,
        clamp_max: 127, reserved: 0)
    }
    if isWide { blob.widen() }
    return ParameterCase(
      testDescription: "batch_matmul_\(width)", blob: blob,
      illegal: [
        (0, 0), (1, 2), (1, -1), (2, 3), (3, 4), (4, 6), (5, 5), (5, 0), (5, -1), (8, 13), (11, 21),
        (11, -1), (12, 5), (13, 2), (14, 2), (15, 6), (16, isWide ? 1 : 128), (17, -129),
        (18, isWide ? 32768 : 1), (18, -1), (19, isWide ? 15 : 31), (19, -32),
        (20, isWide ? 1 : 200), (21, 128), (22, 40000), (23, 1),
      ])
  }

  private static func window(
    _ inChannels: UInt16, _ output: (UInt16, UInt16, UInt16), stride: UInt16 = 1
  ) -> shunt_window_t {
    shunt_window_t(
      in_height: 3, in_width: 4, in_channels: inChannels, out_height: output.0, out_width: output.1,
      out_channels: output.2, kernel_height: 2, kernel_width: 2, stride_height: stride,
      stride_width: stride, dilation_height: 1, dilation_width: 1, pad_top: 0, pad_left: 0,
      batches: 1, reserved: 0)
  }

  /// Words of a window that no window may have: sizes, a kernel, strides or dilations of 0.
  private static let windows: [(word: Int, value: Int32)] = [
    (0, 4 << 16 | 4), (0, 5 << 16 | 3), (1, 3 << 16 | 2), (2, 6 << 16 | 4), (3, 0), (4, 0), (5, 0),
    (7, 1 << 16 | 1), (7, 0),
  ]

  private static func channels(_ count: Int) -> [shunt_channel16_t] {
    [shunt_channel16_t](
      repeating: shunt_channel16_t(bias: 5, multiplier: 20000, shift: -2), count: count)
  }

  /// A 2 x 2 kernel over [1, 3, 4, 4]; `weights` of them.
  private static func convolution(
    _ name: String, _ kernel: shunt_kernel_id_t, outputs: UInt16, groups: UInt32, weights: Int,
    illegalGroups: [Int32]
  ) -> ParameterCase {
    var blob = TestBlob.single(
      kernel, inputs: [[1, 3, 4, 4]], output: [1, 2, 3, Int(outputs)]
    ) { blob in
      let weights = blob.constant([UInt8](repeating: 3, count: weights))
      return shunt_conv2d_s16_params_t(
        window: window(4, (2, 3, outputs)), weights: weights,
        channels: blob.constant(records: channels(Int(outputs))), clamp_min: -32768,
        clamp_max: 32767, groups: groups, wide: 1, reserved: (0, 0))
    }
    blob.widen()
    return ParameterCase(
      testDescription: name, blob: blob,
      illegal: windows + illegalGroups.map { (12, $0) } + [
        (8, 8), (8, 0x4000_0000), (9, 0), (10, -32769), (11, 32768), (13, 2), (14, 1), (15, 1),
      ])
  }

  static var convolution: ParameterCase {
    convolution(
      "conv2d_s16", SHUNT_KERNEL_CONV2D_S16, outputs: 6, groups: 2, weights: 6 * 4 * 2,
      illegalGroups: [0, 3, 4, -1])
  }

  static var depthwise: ParameterCase {
    convolution(
      "depthwise_conv2d_s16", SHUNT_KERNEL_DEPTHWISE_CONV2D_S16, outputs: 8, groups: 4,
      weights: 8 * 4, illegalGroups: [0, 1, 2, 8])
  }

  static var dense: ParameterCase {
    var blob = TestBlob.single(
      SHUNT_KERNEL_FULLY_CONNECTED_S16, inputs: [[2, 6]], output: [2, 5]
    ) { blob in
      let weights = blob.constant([UInt8](repeating: 0xFD, count: 30))
      return shunt_fully_connected_s16_params_t(
        batches: 2, inputs: 6, outputs: 5, weights: weights,
        channels: blob.constant(records: channels(5)), clamp_min: -32768, clamp_max: 32767, wide: 1)
    }
    blob.widen()
    return ParameterCase(
      testDescription: "fully_connected_s16", blob: blob,
      illegal: [
        (0, 1), (0, 0), (1, 7), (1, -1), (2, 6), (3, 4), (3, 0), (4, 0), (5, 40000), (6, -32769),
        (7, 2), (7, 0),
      ])
  }

  /// A 2 x 2 kernel with stride 2 over [1, 3, 4, 4].
  static func transposed(_ width: Width) -> ParameterCase {
    let isWide = width == .s16
    var blob = TestBlob.single(
      isWide ? SHUNT_KERNEL_TRANSPOSE_CONV_S16 : SHUNT_KERNEL_TRANSPOSE_CONV_S8,
      inputs: [[1, 3, 4, 4]], output: [1, 6, 8, 2]
    ) { blob in
      let weights = blob.constant([UInt8](repeating: 2, count: 2 * 2 * 2 * 4))
      let narrow = shunt_channel_t(bias: 7, multiplier: 1 << 30, shift: -4)
      return shunt_transpose_conv_params_t(
        window: window(4, (6, 8, 2), stride: 2), weights: weights,
        channels: isWide
          ? blob.constant(records: channels(2)) : blob.constant(records: [narrow, narrow]),
        input_zero_point: 0, output_zero_point: 0, clamp_min: -128, clamp_max: 127,
        wide: isWide ? 1 : 0, reserved: 0)
    }
    if isWide { blob.widen() }
    return ParameterCase(
      testDescription: "transpose_conv_\(width)", blob: blob,
      illegal: windows + [
        (5, 2 << 16 | 1), (5, 1 << 16 | 2), (8, 8), (8, 0x4000_0000), (9, 0), (10, 200),
        (11, -200), (12, 128), (13, 40000), (14, isWide ? 2 : 1), (15, 1),
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

  @Test("a long sum over the few elements of a small operand is refused")
  func longSumOfFewElements() {
    func opens(depth: UInt32, rows: UInt32) -> Bool {
      let blob = TestBlob.single(
        SHUNT_KERNEL_BATCH_MATMUL_S8, inputs: [[4], [4]], output: [Int(rows)]
      ) { _ in
        shunt_batch_matmul_params_t(
          batches: (1, 1, 1), rows: rows, columns: 1, depth: depth,
          batch_strides: ((0, 0, 0), (0, 0, 0)), row_stride: 0, column_stride: 0,
          depth_strides: (0, 0), input_zero_point: (0, 0), multiplier: 1 << 30, shift: 0,
          output_zero_point: 0, clamp_min: -128, clamp_max: 127, reserved: 0)
      }
      return (try? HostModel(blob: blob.bytes())) != nil
    }
    #expect(opens(depth: 4, rows: 1))
    #expect(opens(depth: 1, rows: 4))
    #expect(!opens(depth: 4, rows: 2))
    #expect(!opens(depth: 1 << 24, rows: 1))
  }
}

extension TestBlob {
  /// Makes all tensors int16, of the same shapes.
  fileprivate mutating func widen() {
    header.arena_bytes = 0
    for index in tensors.indices {
      tensors[index].type = UInt8(SHUNT_TYPE_S16.rawValue)
      tensors[index].bytes *= 2
      tensors[index].offset = header.arena_bytes
      header.arena_bytes += (tensors[index].bytes + 15) & ~15
    }
    for index in inputs.indices { inputs[index].external_type = UInt8(SHUNT_TYPE_S16.rawValue) }
    for index in outputs.indices { outputs[index].external_type = UInt8(SHUNT_TYPE_S16.rawValue) }
  }
}
