// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Cores with the M-profile vector extension, Helium (`shunt_layout_mve.h`).
struct MVETarget: KernelTarget {
  var set: KernelSet { .mve }

  var channelGranularity: Int { 8 }

  func form(of layer: LayerMaterial) -> TargetForm? {
    switch layer.parameters {
    case .conv2D(let parameters): convolution(parameters, layer)
    case .fullyConnected(let parameters): fullyConnected(parameters, layer)
    case .depthwise(let parameters): depthwise(parameters, layer)
    }
  }

  func step(_ step: LoweredStep, graph: Graph) -> LoweredStep? {
    sumOrPool(step) { _ in true }
  }

  private func convolution(
    _ parameters: shunt_conv2d_params_t, _ layer: LayerMaterial
  ) -> TargetForm? {
    guard parameters.groups == 1 else { return nil }
    var window = parameters.window
    let records = MVERecords(layer.records())
    return TargetForm(
      set: set, kernel: .conv2D, weights: MVEWeights(convolution: window).packed(layer.weights),
      records: records.packed, requantization: records.original.requantization,
      scratchBytes: Int(shunt_mve_conv2d_scratch_bytes(&window)),
      overlap: .ahead)
  }

  private func fullyConnected(
    _ parameters: shunt_fully_connected_params_t, _ layer: LayerMaterial
  ) -> TargetForm? {
    let weights = MVEWeights(
      outputs: Int(parameters.outputs), inputs: Int(parameters.inputs))
    let records = MVERecords(layer.records())
    return TargetForm(
      set: set, kernel: .fullyConnected, weights: weights.packed(layer.weights),
      records: records.packedByOctets, requantization: records.original.requantization,
      scratchBytes: Int(shunt_mve_fully_connected_scratch_bytes(parameters.inputs)))
  }

  private func depthwise(
    _ parameters: shunt_depthwise_conv2d_params_t, _ layer: LayerMaterial
  ) -> TargetForm? {
    var window = parameters.window
    guard shunt_mve_depthwise_is_supported(&window) else { return nil }
    let overlap: StepOverlap =
      window.stride_height == 2
      ? .ahead
      : shunt_mve_depthwise_in_place(&window) ? .exact : .none
    let records = MVERecords(layer.records())
    return TargetForm(
      set: set, kernel: .depthwiseConv2D,
      weights: MVEWeights(depthwise: window).packed(layer.weights),
      records: records.packed, requantization: records.original.requantization,
      scratchBytes: Int(shunt_mve_depthwise_scratch_bytes(&window)), overlap: overlap)
  }
}
