// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Steps whose int8 weights are stored in four bits.
extension LoweredStep {
  /// The same step with its weights in four bits; `nil` if there is no such kernel, or if they do not have
  /// that form or would not take fewer bytes of the blob in it.
  func withNibbles(_ graph: Graph) -> LoweredStep? {
    switch kernel {
    case .conv2D:
      guard let p = parameters.load(shunt_conv2d_params_t.self) else { return nil }
      let window = p.window
      let (groups, channels) = (Int(p.groups), Int(window.out_channels))
      let rowLength =
        Int(window.kernel_height) * Int(window.kernel_width) * Int(window.in_channels) / groups
      let shape = NibbleRows.Shape(
        groups: groups, rowsPerGroup: channels / groups, rowLength: rowLength)
      return withNibbles(
        .conv2D4, shape, scratchBytes: window.isPointwise ? 0 : rowLength, graph)
    case .fullyConnected:
      guard let p = parameters.load(shunt_fully_connected_params_t.self) else { return nil }
      let shape = NibbleRows.Shape(rowsPerGroup: Int(p.outputs), rowLength: Int(p.inputs))
      return withNibbles(.fullyConnected4, shape, scratchBytes: 0, graph)
    default:
      return nil
    }
  }

  private func withNibbles(
    _ kernel: KernelKind, _ shape: NibbleRows.Shape, scratchBytes: Int, _ graph: Graph
  ) -> LoweredStep? {
    guard let tensor = parameters.weights, let weights = graph[tensor].constant,
      let rows = NibbleRows.smallest(weights, shape: shape)
    else { return nil }
    var result = self
    result.kernel = kernel
    result.nibblesOf = tensor
    result.scratchBytes = scratchBytes
    result.parameters = parameters.replacingWeights(by: rows.weights).followed(
      by: shunt_nibbles_t(
        multipliers: 0, run_length: UInt32(rows.runLength), reserved: (0, 0)),
      holes: [(\.multipliers, .storedWeights(rows.multipliers))])
    return result
  }
}

extension shunt_window_t {
  /// Whether there is one tap, which always lies inside the image.
  fileprivate var isPointwise: Bool {
    kernel_height == 1 && kernel_width == 1 && pad_top == 0 && pad_left == 0
      && (Int(out_height) - 1) * Int(stride_height) < Int(in_height)
      && (Int(out_width) - 1) * Int(stride_width) < Int(in_width)
  }
}
