// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Makes kernel parameters readable. Nothing is checked here: `shunt_open` asks the kernels.
struct ParameterDecoder {
  let view: ByteView
  let range: Range<Int>

  /// The fields of the parameters; empty if the kernel, its version or its size is not known.
  func fields(of kernel: BlobKernel) -> [KernelParameter] {
    guard let kind = kernel.kind, kernel.version == Int(kind.version(in: kernel.set)) else {
      return []
    }
    switch kind {
    case .conv2D: return load(shunt_conv2d_params_t.self).map(conv2D) ?? []
    case .depthwiseConv2D: return load(shunt_depthwise_conv2d_params_t.self).map(depthwise) ?? []
    case .fullyConnected, .fullyConnectedLanes:
      return load(shunt_fully_connected_params_t.self).map(fullyConnected) ?? []
    case .add, .subtract, .squaredDifference, .add16, .subtract16, .squaredDifference16:
      return load(shunt_add_params_t.self).map(add) ?? []
    case .addLine: return load(shunt_add_line_params_t.self).map(addLine) ?? []
    case .conv2D4: return load(shunt_conv2d_s4_params_t.self).map(conv2D4) ?? []
    case .fullyConnected4:
      return load(shunt_fully_connected_s4_params_t.self).map(fullyConnected4) ?? []
    case .conv2D16, .depthwiseConv2D16:
      return load(shunt_conv2d_s16_params_t.self).map(conv2D16) ?? []
    case .fullyConnected16:
      return load(shunt_fully_connected_s16_params_t.self).map(fullyConnected16) ?? []
    case .transposeConv, .transposeConv16:
      return load(shunt_transpose_conv_params_t.self).map(transposeConv) ?? []
    case .batchMatMul, .batchMatMul16:
      return load(shunt_batch_matmul_params_t.self).map(batchMatMul) ?? []
    case .requantize, .requantizeMixed:
      return load(shunt_requantize_params_t.self).map(requantize) ?? []
    case .averagePool2D, .maxPool2D, .averagePool2DWide, .maxPool2DWide:
      return load(shunt_pool2d_params_t.self).map(pool2D) ?? []
    case .softmax, .softmaxToWide: return load(shunt_softmax_params_t.self).map(softmax) ?? []
    case .ringPush: return load(shunt_ring_push_params_t.self).map(ringPush) ?? []
    case .slide: return load(shunt_slide_params_t.self).map(slide) ?? []
    case .conv2DRing: return load(shunt_conv2d_ring_params_t.self).map(conv2DRing) ?? []
    case .depthwiseConv2DRing:
      return load(shunt_depthwise_conv2d_ring_params_t.self).map(depthwiseRing) ?? []
    case .fullyConnectedRing:
      return load(shunt_fully_connected_ring_params_t.self).map(fullyConnectedRing) ?? []
    case .copy:
      return load(shunt_copy_params_t.self).map { [KernelParameter("bytes", $0.bytes)] } ?? []
    case .lookup, .multiply, .divide, .extremum, .compare, .select, .prelu, .cast, .multiply16,
      .prelu16, .sigmoid16, .piecewise16:
      return elementwiseFields(of: kind)
    case .move: return move()
    case .gather: return load(shunt_gather_params_t.self).map(gather) ?? []
    case .reduceSum, .reduceSumWide:
      return load(shunt_reduce_sum_params_t.self).map(reduceSum) ?? []
    case .reduceMax: return load(shunt_reduce_max_params_t.self).map(reduceMax) ?? []
    case .argMax: return load(shunt_arg_max_params_t.self).map(argMax) ?? []
    case .l2Normalization:
      return load(shunt_l2_normalization_params_t.self).map(l2Normalization) ?? []
    case .resizeBilinear: return load(shunt_resize_params_t.self).map(resize) ?? []
    case .logSoftmax: return load(shunt_log_softmax_params_t.self).map(logSoftmax) ?? []
    case .softmaxWide: return load(shunt_softmax_s16_params_t.self).map(softmaxWide) ?? []
    case .cumulativeSum: return load(shunt_cumsum_params_t.self).map(cumulativeSum) ?? []
    case .lstm, .lstm16: return load(shunt_lstm_params_t.self).map(lstm) ?? []
    case .svdf: return load(shunt_svdf_params_t.self).map(svdf) ?? []
    }
  }

  /// The record at a blob offset, if it lies inside.
  func record<Record: BitwiseCopyable>(_ type: Record.Type, at offset: Int) -> Record? {
    try? view.load(type, at: offset, place: "parameters")
  }

  func load<Record: BitwiseCopyable>(_ type: Record.Type) -> Record? {
    guard range.count == MemoryLayout<Record>.size else { return nil }
    return try? view.load(type, at: range.lowerBound, place: "parameters")
  }

  func conv2D(_ p: shunt_conv2d_params_t) -> [KernelParameter] {
    window(p.window) + [
      KernelParameter("groups", p.groups),
      KernelParameter("weights", p.weights), KernelParameter("channels", p.channels),
      KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  func depthwise(_ p: shunt_depthwise_conv2d_params_t) -> [KernelParameter] {
    window(p.window) + [
      KernelParameter("weights", p.weights), KernelParameter("channels", p.channels),
      KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  func fullyConnected(_ p: shunt_fully_connected_params_t) -> [KernelParameter] {
    [
      KernelParameter("batches", p.batches), KernelParameter("inputs", p.inputs),
      KernelParameter("outputs", p.outputs),
      KernelParameter("weights", p.weights), KernelParameter("channels", p.channels),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  private func add(_ p: shunt_add_params_t) -> [KernelParameter] {
    let (a, b) = p.strides
    return [
      KernelParameter("dims", p.dims.0, p.dims.1, p.dims.2, p.dims.3),
      KernelParameter("strides_0", a.0, a.1, a.2, a.3),
      KernelParameter("strides_1", b.0, b.1, b.2, b.3),
      KernelParameter("input_zero_point", p.input_zero_point.0, p.input_zero_point.1),
      KernelParameter("input_multiplier", p.input_multiplier.0, p.input_multiplier.1),
      KernelParameter("input_shift", p.input_shift.0, p.input_shift.1),
      KernelParameter("left_shift", p.left_shift),
      KernelParameter("output_multiplier", p.output_multiplier),
      KernelParameter("output_shift", p.output_shift),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  private func addLine(_ p: shunt_add_line_params_t) -> [KernelParameter] {
    let (a, b) = p.strides
    return [
      KernelParameter("dims", p.dims.0, p.dims.1, p.dims.2, p.dims.3),
      KernelParameter("strides_0", a.0, a.1, a.2, a.3),
      KernelParameter("strides_1", b.0, b.1, b.2, b.3),
      KernelParameter("multiplier", p.multiplier.0, p.multiplier.1),
      KernelParameter("offset", p.offset),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  private func pool2D(_ p: shunt_pool2d_params_t) -> [KernelParameter] {
    window(p.window) + [KernelParameter("clamp", p.clamp_min, p.clamp_max)]
  }

  private func softmax(_ p: shunt_softmax_params_t) -> [KernelParameter] {
    [
      KernelParameter("rows", p.rows), KernelParameter("depth", p.depth),
      KernelParameter("multiplier", p.multiplier), KernelParameter("left_shift", p.left_shift),
      KernelParameter("diff_min", p.diff_min),
    ]
  }

  private func requantize(_ p: shunt_requantize_params_t) -> [KernelParameter] {
    [
      KernelParameter("count", p.count), KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("multiplier", p.multiplier), KernelParameter("shift", p.shift),
      KernelParameter("output_zero_point", p.output_zero_point),
    ]
  }

  func window(_ w: shunt_window_t) -> [KernelParameter] {
    [
      KernelParameter("kernel", w.kernel_height, w.kernel_width),
      KernelParameter("stride", w.stride_height, w.stride_width),
      KernelParameter("dilation", w.dilation_height, w.dilation_width),
      KernelParameter("pad_top_left", w.pad_top, w.pad_left),
      KernelParameter("batches", w.batches),
    ]
  }
}
