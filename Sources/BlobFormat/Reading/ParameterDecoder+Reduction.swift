// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Parameters of reductions and their relatives.
extension ParameterDecoder {
  func reduceSum(_ p: shunt_reduce_sum_params_t) -> [KernelParameter] {
    reduction(p.reduction) + [
      KernelParameter("offset", p.offset), KernelParameter("multiplier", p.multiplier),
      KernelParameter("shift", p.shift),
      KernelParameter("output_zero_point", p.output_zero_point),
    ]
  }

  func reduceMax(_ p: shunt_reduce_max_params_t) -> [KernelParameter] {
    reduction(p.reduction) + [KernelParameter("flip", p.flip)]
  }

  func argMax(_ p: shunt_arg_max_params_t) -> [KernelParameter] {
    [
      KernelParameter("outer", p.outer),
      KernelParameter("count", p.count),
      KernelParameter("inner", p.inner),
      KernelParameter("flip", p.flip),
    ]
  }

  func l2Normalization(_ p: shunt_l2_normalization_params_t) -> [KernelParameter] {
    [
      KernelParameter("rows", p.rows),
      KernelParameter("depth", p.depth),
      KernelParameter("input_zero_point", p.input_zero_point),
    ]
  }

  func resize(_ p: shunt_resize_params_t) -> [KernelParameter] {
    [
      KernelParameter("batches", p.batches),
      KernelParameter("channels", p.channels),
      KernelParameter("in_size", p.in_height, p.in_width),
      KernelParameter("out_size", p.out_height, p.out_width),
      KernelParameter("scale", p.height_scale, p.width_scale),
      KernelParameter("offset", p.height_offset, p.width_offset),
    ]
  }

  func logSoftmax(_ p: shunt_log_softmax_params_t) -> [KernelParameter] {
    [
      KernelParameter("rows", p.rows),
      KernelParameter("depth", p.depth),
      KernelParameter("multiplier", p.multiplier),
      KernelParameter("left_shift", p.left_shift),
      KernelParameter("diff_min", p.diff_min),
      KernelParameter("reverse_multiplier", p.reverse_multiplier),
      KernelParameter("reverse_shift", p.reverse_shift),
    ]
  }

  func softmaxWide(_ p: shunt_softmax_s16_params_t) -> [KernelParameter] {
    [
      KernelParameter("rows", p.rows),
      KernelParameter("depth", p.depth),
      KernelParameter("multiplier", p.multiplier),
      KernelParameter("shift", p.shift),
      KernelParameter("exponential", p.exponential),
      KernelParameter("reciprocal", p.reciprocal),
    ]
  }

  func cumulativeSum(_ p: shunt_cumsum_params_t) -> [KernelParameter] {
    [
      KernelParameter("outer", p.outer),
      KernelParameter("count", p.count),
      KernelParameter("inner", p.inner),
      KernelParameter("reverse", p.reverse),
      KernelParameter("exclusive", p.exclusive),
      KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("multiplier", p.multiplier),
      KernelParameter("shift", p.shift),
      KernelParameter("output_zero_point", p.output_zero_point),
    ]
  }

  private func reduction(_ r: shunt_reduction_t) -> [KernelParameter] {
    [
      KernelParameter("kept", r.kept.0, r.kept.1, r.kept.2),
      KernelParameter("kept_strides", r.kept_strides.0, r.kept_strides.1, r.kept_strides.2),
      KernelParameter("reduced", r.reduced.0, r.reduced.1, r.reduced.2),
      KernelParameter(
        "reduced_strides", r.reduced_strides.0, r.reduced_strides.1, r.reduced_strides.2),
    ]
  }
}
