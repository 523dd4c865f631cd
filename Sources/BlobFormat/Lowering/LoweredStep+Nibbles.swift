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
      let groups = Int(p.groups)
      let shape = NibbleRows.Shape(
        groups: groups, rowsPerGroup: Int(p.window.out_channels) / groups, rowLength: p.rowLength)
      return withNibbles(.conv2D4, shape, graph)
    case .fullyConnected:
      guard let p = parameters.load(shunt_fully_connected_params_t.self) else { return nil }
      let shape = NibbleRows.Shape(rowsPerGroup: Int(p.outputs), rowLength: Int(p.inputs))
      return withNibbles(.fullyConnected4, shape, graph)
    default:
      return nil
    }
  }

  private func withNibbles(
    _ kernel: KernelKind, _ shape: NibbleRows.Shape, _ graph: Graph
  ) -> LoweredStep? {
    guard let tensor = parameters.weights, let weights = graph[tensor].constant,
      let rows = NibbleRows.smallest(weights, shape: shape)
    else { return nil }
    var result = self
    result.kernel = kernel
    result.nibblesOf = tensor
    result.parameters = parameters.replacingWeights(by: rows.weights).followed(
      by: shunt_nibbles_t(
        multipliers: 0, run_length: UInt32(rows.runLength), reserved: (0, 0)),
      holes: [(\.multipliers, .storedWeights(rows.multipliers))])
    return result
  }
}

extension shunt_conv2d_params_t {
  /// Weights of an output channel.
  var rowLength: Int {
    Int(window.kernel_height) * Int(window.kernel_width) * Int(window.in_channels) / Int(groups)
  }
}
