// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// AArch64 with Advanced SIMD, with or without dot product (`shunt_layout_neon.h`).
struct NEONTarget: KernelTarget {
  var set: KernelSet { .neon }

  var channelGranularity: Int { 8 }

  func form(of layer: LayerMaterial) -> TargetForm? {
    switch layer.parameters {
    case .conv2D(let parameters): convolution(parameters, layer)
    case .fullyConnected(let parameters): fullyConnected(parameters, layer)
    case .depthwise(let parameters): depthwise(parameters, layer)
    }
  }

  func step(_ step: LoweredStep, graph: Graph) -> LoweredStep? {
    sumOrPool(step) { withUnsafePointer(to: $0, shunt_neon_pool_has) }
  }

  private func convolution(
    _ parameters: shunt_conv2d_params_t, _ layer: LayerMaterial
  ) -> TargetForm? {
    var window = parameters.window
    let matrix = NEONMatrix(
      rows: Int(window.out_channels), columns: Int(shunt_neon_conv2d_columns(&window)))
    guard parameters.groups == 1, let weights = matrix.packed(layer.weights) else { return nil }
    return form(
      .conv2D, weights, layer,
      scratch: max(
        shunt_neon_conv2d_scratch_bytes(&window), shunt_neon_conv2d_rows_bytes(&window)),
      overlap: .ahead)
  }

  private func fullyConnected(
    _ parameters: shunt_fully_connected_params_t, _ layer: LayerMaterial
  ) -> TargetForm? {
    let matrix = NEONMatrix(rows: Int(parameters.outputs), columns: Int(parameters.inputs))
    guard let weights = matrix.packed(layer.weights) else { return nil }
    return form(
      .fullyConnected, weights, layer,
      scratch: shunt_neon_fully_connected_scratch_bytes(
        UInt64(parameters.batches), UInt64(parameters.inputs)),
      overlap: .none)
  }

  private func depthwise(
    _ parameters: shunt_depthwise_conv2d_params_t, _ layer: LayerMaterial
  ) -> TargetForm? {
    var window = parameters.window
    guard window.in_channels == window.out_channels,
      let weights = NEONDepthwiseWeights(window).packed(layer.weights)
    else { return nil }
    return form(
      .depthwiseConv2D, weights, layer, scratch: shunt_neon_depthwise_scratch_bytes(&window),
      overlap: shunt_neon_depthwise_in_place(&window) ? .exact : .none)
  }

  private func form(
    _ kernel: KernelKind, _ weights: [UInt8], _ layer: LayerMaterial, scratch: UInt64,
    overlap: StepOverlap
  ) -> TargetForm? {
    guard
      let records = NEONRecords(layer.records())
        ?? NEONRecords(layer.records(acceptsLines: false))
    else { return nil }
    return TargetForm(
      set: set, kernel: kernel, weights: weights, records: records.packed,
      requantization: records.original.requantization, scratchBytes: Int(scratch), overlap: overlap)
  }
}
