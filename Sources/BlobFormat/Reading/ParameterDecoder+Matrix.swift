// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// What multiplies and accumulates beyond int8 convolutions (`shunt_params_matrix.h`).
extension ParameterDecoder {
  func conv2D16(_ p: shunt_conv2d_s16_params_t) -> [KernelParameter] {
    window(p.window) + [
      KernelParameter("groups", p.groups), KernelParameter("wide", p.wide),
      KernelParameter("weights", p.weights), KernelParameter("channels", p.channels),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  func conv2D4(_ p: shunt_conv2d_s4_params_t) -> [KernelParameter] {
    let window = p.convolution.window
    let taps = UInt64(window.kernel_height) * UInt64(window.kernel_width)
    let rowLength = taps * UInt64(window.in_channels) / UInt64(max(1, p.convolution.groups))
    return conv2D(p.convolution) + nibbles(p.nibbles, rowLength: rowLength)
  }

  func fullyConnected4(_ p: shunt_fully_connected_s4_params_t) -> [KernelParameter] {
    fullyConnected(p.layer) + nibbles(p.nibbles, rowLength: UInt64(p.layer.inputs))
  }

  private func nibbles(_ p: shunt_nibbles_t, rowLength: UInt64) -> [KernelParameter] {
    [
      KernelParameter("weight_bits", 4),
      KernelParameter("weight_group", UInt32(clamping: min(UInt64(p.run_length), rowLength))),
      KernelParameter("multipliers", p.multipliers),
    ]
  }

  func fullyConnected16(_ p: shunt_fully_connected_s16_params_t) -> [KernelParameter] {
    [
      KernelParameter("batches", p.batches), KernelParameter("inputs", p.inputs),
      KernelParameter("outputs", p.outputs), KernelParameter("wide", p.wide),
      KernelParameter("weights", p.weights), KernelParameter("channels", p.channels),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  func transposeConv(_ p: shunt_transpose_conv_params_t) -> [KernelParameter] {
    window(p.window) + [
      KernelParameter("wide", p.wide),
      KernelParameter("weights", p.weights), KernelParameter("channels", p.channels),
      KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  func batchMatMul(_ p: shunt_batch_matmul_params_t) -> [KernelParameter] {
    let (a, b) = p.batch_strides
    return [
      KernelParameter("batches", p.batches.0, p.batches.1, p.batches.2),
      KernelParameter("rows", p.rows), KernelParameter("columns", p.columns),
      KernelParameter("depth", p.depth),
      KernelParameter("batch_strides_0", a.0, a.1, a.2),
      KernelParameter("batch_strides_1", b.0, b.1, b.2),
      KernelParameter("row_stride", p.row_stride),
      KernelParameter("column_stride", p.column_stride),
      KernelParameter("depth_strides", p.depth_strides.0, p.depth_strides.1),
      KernelParameter("input_zero_point", p.input_zero_point.0, p.input_zero_point.1),
      KernelParameter("multiplier", p.multiplier), KernelParameter("shift", p.shift),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }
}
