// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// What the kernels of reductions refuse, one parameter at a time.
@Suite struct ReductionRejectionTests {
  static let cases: [ParameterCase] = [
    sum, maximum, argMax, normalization, resize, logSoftmax, cumsum,
  ]

  static var reduction: shunt_reduction_t {
    // [2, 3, 4] over the middle.
    shunt_reduction_t(
      kept: (1, 2, 4), kept_strides: (0, 12, 1), reduced: (1, 1, 3), reduced_strides: (0, 0, 4))
  }

  static let walks: [(word: Int, value: Int32)] = [
    (0, 2), (0, 0), (1, 0), (2, 5), (4, 13), (5, 2), (6, 2), (8, 4), (8, 2), (8, 0),
    (11, 5), (11, -1), (3, -1),
  ]

  static var sum: ParameterCase {
    ParameterCase(
      testDescription: "reduce_sum_s8",
      blob: .single(SHUNT_KERNEL_REDUCE_SUM_S8, inputs: [[2, 3, 4]], output: [2, 4]) { _ in
        shunt_reduce_sum_params_t(
          reduction: reduction, offset: 9, multiplier: 1 << 29, shift: -1, output_zero_point: 2)
      },
      illegal: walks + [(13, -1), (14, -32), (14, 31), (15, 128), (15, -129)])
  }

  static var maximum: ParameterCase {
    ParameterCase(
      testDescription: "reduce_max_s8",
      blob: .single(SHUNT_KERNEL_REDUCE_MAX_S8, inputs: [[2, 3, 4]], output: [2, 4]) { _ in
        shunt_reduce_max_params_t(reduction: reduction, flip: -1, reserved: (0, 0, 0))
      },
      illegal: walks + [(12, 1), (13, 1), (14, 1), (15, 1)])
  }

  static var argMax: ParameterCase {
    var blob = TestBlob.single(SHUNT_KERNEL_ARG_MAX_S8, inputs: [[2, 3, 4]], output: [2, 4]) { _ in
      shunt_arg_max_params_t(outer: 2, count: 3, inner: 4, flip: 0)
    }
    blob.tensors[1].type = UInt8(SHUNT_TYPE_S32.rawValue)
    blob.tensors[1].bytes = 32
    blob.header.arena_bytes += 32
    blob.outputs[0].external_type = UInt8(SHUNT_TYPE_S32.rawValue)
    return ParameterCase(
      testDescription: "arg_max_s8", blob: blob,
      illegal: [(0, 3), (0, 0), (1, 0), (1, 4), (2, 5), (2, -1), (3, 1)])
  }

  static var normalization: ParameterCase {
    ParameterCase(
      testDescription: "l2_normalization_s8",
      blob: .single(SHUNT_KERNEL_L2_NORMALIZATION_S8, inputs: [[2, 5]], output: [2, 5]) { _ in
        shunt_l2_normalization_params_t(rows: 2, depth: 5, input_zero_point: 3, reserved: 0)
      },
      illegal: [(0, 3), (1, 6), (1, 0), (2, 128), (3, 1)])
  }

  static var resize: ParameterCase {
    ParameterCase(
      testDescription: "resize_bilinear_s8",
      blob: .single(SHUNT_KERNEL_RESIZE_BILINEAR_S8, inputs: [[2, 3, 4, 5]], output: [2, 6, 8, 5]) {
        _ in
        shunt_resize_params_t(
          batches: 2, in_height: 3, in_width: 4, channels: 5, out_height: 6, out_width: 8,
          height_scale: 512, width_scale: 512, height_offset: -256, width_offset: -256,
          reserved: (0, 0))
      },
      illegal: [
        (0, 1), (1, 4), (2, 5), (3, 4), (4, 7), (5, 9), (6, -1), (7, 1 << 30), (8, -513),
        (9, (1 << 29) + 1), (10, 1), (11, 1),
      ])
  }

  static var logSoftmax: ParameterCase {
    ParameterCase(
      testDescription: "log_softmax_s8",
      blob: .single(SHUNT_KERNEL_LOG_SOFTMAX_S8, inputs: [[2, 5]], output: [2, 5]) { _ in
        shunt_log_softmax_params_t(
          rows: 2, depth: 5, multiplier: 1 << 30, left_shift: 24, diff_min: -124,
          reverse_multiplier: 1 << 30, reverse_shift: -22, reserved: 0)
      },
      illegal: [
        (0, 1), (1, 4), (2, 5), (3, -1), (3, 31), (4, 1), (4, .min), (5, -1), (6, 1), (6, -32),
        (7, 1),
      ])
  }

  static var cumsum: ParameterCase {
    ParameterCase(
      testDescription: "cumsum_s8",
      blob: .single(SHUNT_KERNEL_CUMSUM_S8, inputs: [[2, 3, 4]], output: [2, 3, 4]) { _ in
        shunt_cumsum_params_t(
          outer: 2, count: 3, inner: 4, reverse: 1, exclusive: 0, input_zero_point: 3,
          multiplier: 1 << 30, shift: -18, output_zero_point: 1, reserved: 0)
      },
      illegal: [
        (0, 1), (1, 4), (1, 0), (2, 5), (3, 2), (4, 2), (5, 200), (6, 1), (7, 1), (8, -200), (9, 1),
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

  @Test("indices of 64 bits have a high half of 0")
  func wideIndices() throws {
    var blob = TestBlob.single(SHUNT_KERNEL_ARG_MAX_S8, inputs: [[2, 3]], output: [2]) { _ in
      shunt_arg_max_params_t(outer: 2, count: 3, inner: 1, flip: -1)
    }
    blob.tensors[1].type = UInt8(SHUNT_TYPE_S64.rawValue)
    blob.tensors[1].bytes = 16
    blob.outputs[0].external_type = UInt8(SHUNT_TYPE_S64.rawValue)
    let model = try HostModel(blob: blob.bytes())
    let smallest = try model.run(inputs: [[7, 0xFF, 0xFF, 3, 2, 0x80]])
    #expect(smallest == [[1] + [UInt8](repeating: 0, count: 7) + [2, 0, 0, 0, 0, 0, 0, 0]])
  }
}
