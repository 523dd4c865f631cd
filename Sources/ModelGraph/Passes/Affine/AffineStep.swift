// SPDX-License-Identifier: Apache-2.0

/// An operator that multiplies a tensor by a constant or adds one to it: input * factor + offset.
struct AffineStep {
  /// The tensor that it reads.
  var input: TensorID
  /// What it writes.
  var output: TensorID
  /// The constant factor; `nil` for 1.
  var factor: BroadcastConstant?
  /// The constant summand; `nil` for 0.
  var offset: BroadcastConstant?
  /// The activation behind it.
  var activation: Activation

  /// `nil` for every other operator, and where the constant makes the tensor larger.
  init?(_ operation: Operator, _ editor: GraphEditor) {
    guard let output = operation.outputs.first, editor[output].elementType == .float32 else {
      return nil
    }
    self.output = output
    activation = .none
    if case .unary(.negate) = operation.kind, let input = operation.inputs.first ?? nil {
      self.input = input
      factor = BroadcastConstant(scalar: -1)
      return
    }
    guard operation.inputs.count == 2, let a = operation.inputs[0], let b = operation.inputs[1],
      let constant = BroadcastConstant(b, editor) ?? BroadcastConstant(a, editor)
    else { return nil }
    let isSecond = editor[b].constant != nil
    input = isSecond ? a : b
    guard editor[input].constant == nil, editor[input].shape == editor[output].shape else {
      return nil
    }
    switch operation.kind {
    case .add(let activation):
      offset = constant
      self.activation = activation
    case .binary(.multiply(let activation)):
      factor = constant
      self.activation = activation
    case .binary(.subtract(let activation)):
      offset = isSecond ? constant.map { -$0 } : constant
      factor = isSecond ? nil : BroadcastConstant(scalar: -1)
      self.activation = activation
    case .binary(.divide(let activation)) where isSecond:
      factor = constant.map { 1 / $0 }
      self.activation = activation
    default: return nil
    }
    guard factor?.isFinite ?? true, offset?.isFinite ?? true else { return nil }
  }
}
