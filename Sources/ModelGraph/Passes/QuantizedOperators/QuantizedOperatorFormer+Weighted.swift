// SPDX-License-Identifier: Apache-2.0

/// Convolutions and matrix products with constant weights.
extension QuantizedOperatorFormer {
  /// Forms an operator of an activation, weights and perhaps a bias.
  ///
  /// - Parameter weightAxis: The dimension of the weights that runs over the output's channels.
  mutating func formWeighted(_ operation: Operator, weightAxis: Int) -> Bool {
    guard let target = target(of: operation),
      let input = activation(operation.inputs.first ?? nil), operation.inputs.count > 1,
      let format = IntegerFormat(tensors[input.index]), format.type == target.format.type,
      let weights = operation.inputs[1].map({ twins[$0] ?? $0 }),
      var rows = QuantizedRows(tensors[weights.index], axis: weightAxis),
      let kind = target.activation == .none
        ? operation.kind : operation.kind.replacing(activation: target.activation)
    else { return false }
    var bias: TensorID?
    if operation.inputs.count > 2, let id = operation.inputs[2] {
      let value = twins[id].map { tensors[$0.index] } ?? tensors[id.index]
      guard let reals = value.realConstant, reals.count == rows.scales.count else { return false }
      bias = append(
        rows.bias(reals, of: tensors[id.index], inputScale: format.scale, type: format.type))
    }
    absorb(target)
    append(
      kind, of: operation, [input, append(rows.tensor(like: tensors[weights.index])), bias],
      target.format, target.sources)
    return true
  }
}
