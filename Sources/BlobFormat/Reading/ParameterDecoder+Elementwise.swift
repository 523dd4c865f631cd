// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Parameters of `shunt_params_elementwise.h`.
extension ParameterDecoder {
  /// The fields of an elementwise kernel's parameters; empty for other kernels.
  func elementwiseFields(of kind: KernelKind) -> [KernelParameter] {
    switch kind {
    case .lookup: load(shunt_lookup_params_t.self).map(lookup) ?? []
    case .multiply, .divide, .multiply16: load(shunt_mul_params_t.self).map(product) ?? []
    case .extremum: load(shunt_extremum_params_t.self).map(extremum) ?? []
    case .compare: load(shunt_compare_params_t.self).map(compare) ?? []
    case .select: load(shunt_select_params_t.self).map(select) ?? []
    case .prelu, .prelu16: load(shunt_prelu_params_t.self).map(prelu) ?? []
    case .cast:
      load(shunt_cast_params_t.self).map { [KernelParameter("count", $0.count)] } ?? []
    case .sigmoid16: load(shunt_sigmoid_params_t.self).map(sigmoid) ?? []
    case .piecewise16: load(shunt_piecewise_params_t.self).map(piecewise) ?? []
    default: []
    }
  }

  private typealias Quad = (UInt32, UInt32, UInt32, UInt32)

  private func walk(_ dimensions: Quad, _ strides: Quad...) -> [KernelParameter] {
    func parameter(_ name: String, _ quad: Quad) -> KernelParameter {
      KernelParameter(name, quad.0, quad.1, quad.2, quad.3)
    }
    return [parameter("dims", dimensions)]
      + strides.enumerated().map { parameter("strides_\($0.offset)", $0.element) }
  }

  private func lookup(_ p: shunt_lookup_params_t) -> [KernelParameter] {
    [KernelParameter("count", p.count), KernelParameter("table", p.table)]
  }

  private func product(_ p: shunt_mul_params_t) -> [KernelParameter] {
    walk(p.dims, p.strides.0, p.strides.1) + [
      KernelParameter("input_zero_point", p.input_zero_point.0, p.input_zero_point.1),
      KernelParameter("multiplier", p.multiplier), KernelParameter("shift", p.shift),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
    ]
  }

  private func extremum(_ p: shunt_extremum_params_t) -> [KernelParameter] {
    walk(p.dims, p.strides.0, p.strides.1) + [KernelParameter("is_maximum", p.is_maximum)]
  }

  private func compare(_ p: shunt_compare_params_t) -> [KernelParameter] {
    walk(p.dims, p.strides.0, p.strides.1) + [
      KernelParameter("input_zero_point", p.input_zero_point.0, p.input_zero_point.1),
      KernelParameter("input_multiplier", p.input_multiplier.0, p.input_multiplier.1),
      KernelParameter("input_shift", p.input_shift.0, p.input_shift.1),
      KernelParameter("left_shift", p.left_shift), KernelParameter("relation", p.relation),
    ]
  }

  private func select(_ p: shunt_select_params_t) -> [KernelParameter] {
    walk(p.dims, p.strides.0, p.strides.1, p.strides.2)
  }

  private func prelu(_ p: shunt_prelu_params_t) -> [KernelParameter] {
    walk(p.dims, p.strides.0, p.strides.1) + [
      KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("factor_zero_point", p.factor_zero_point),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("multiplier", p.multiplier.0, p.multiplier.1),
      KernelParameter("shift", p.shift.0, p.shift.1),
    ]
  }

  private func sigmoid(_ p: shunt_sigmoid_params_t) -> [KernelParameter] {
    [
      KernelParameter("count", p.count), KernelParameter("table", p.table),
      KernelParameter("multiplier", p.multiplier), KernelParameter("shift", p.shift),
      KernelParameter("is_tanh", p.is_tanh),
    ]
  }

  private func piecewise(_ p: shunt_piecewise_params_t) -> [KernelParameter] {
    [
      KernelParameter("count", p.count), KernelParameter("input_zero_point", p.input_zero_point),
      KernelParameter("output_zero_point", p.output_zero_point),
      KernelParameter("multiplier", p.multiplier.0, p.multiplier.1),
      KernelParameter("shift", p.shift.0, p.shift.1),
      KernelParameter("clamp", p.clamp_min, p.clamp_max),
      KernelParameter("negation", p.negation),
    ]
  }
}
