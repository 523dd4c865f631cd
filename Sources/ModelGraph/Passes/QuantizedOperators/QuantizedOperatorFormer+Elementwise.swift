// SPDX-License-Identifier: Apache-2.0

/// Operators whose operands and result have scales of their own, or prescribed ones.
extension QuantizedOperatorFormer {
  /// Operators that take any scales.
  mutating func formFree(_ operation: Operator) -> Bool {
    guard let target = target(of: operation) else { return false }
    var kind = operation.kind
    var sources = operation.inputs
    if let product = reciprocal(operation) {
      kind = .binary(.multiply(.none))
      sources[1] = product
    }
    guard
      let inputs = operands(sources, type: target.format.type),
      target.format.type != .int16 || isSymmetric(inputs, target.format),
      let clamped = target.activation == .none
        ? kind : kind.replacing(activation: target.activation)
    else { return false }
    absorb(target)
    append(clamped, of: operation, inputs, target.format, target.sources)
    return true
  }

  /// Operators whose result has the scale that the TFLite specification prescribes.
  mutating func formFixed(_ operation: Operator) -> Bool {
    guard let target = destination(of: operation),
      let input = activation(operation.inputs.first ?? nil),
      tensors[input.index].elementType == target.format.type,
      let format = Self.fixedFormat(of: operation.kind, target.format.type)
    else { return false }
    append(operation.kind, of: operation, [input], format, target.sources)
    return true
  }

  /// Functions of single elements.
  mutating func formUnary(_ operation: Operator, _ function: UnaryFunction) -> Bool {
    guard let target = target(of: operation),
      let input = activation(operation.inputs.first ?? nil),
      tensors[input.index].elementType == target.format.type
    else { return false }
    var format = target.format
    if let fixed = Self.fixedFormat(of: operation.kind, format.type) {
      // For int8 one table can do what two operators would.
      guard format.type == .int16 || format == fixed else { return false }
      format = fixed
    } else if !Self.hasIntegerForm(function, format.type) {
      return false
    }
    append(operation.kind, of: operation, [input], format, target.sources)
    return true
  }

  // MARK: Parts

  /// The scale that the TFLite specification prescribes for a result; `nil` if it prescribes none.
  private static func fixedFormat(of kind: OperatorKind, _ type: ElementType) -> IntegerFormat? {
    switch (kind, type) {
    case (.softmax, .int8), (.unary(.logistic), .int8):
      IntegerFormat(.int8, scale: 1 / 256, zeroPoint: -128)
    case (.softmax, .int16), (.unary(.logistic), .int16), (.unary(.tanh), .int16):
      IntegerFormat(.int16, scale: 1 / 32768, zeroPoint: 0)
    case (.unary(.tanh), .int8), (.l2Normalization, .int8):
      IntegerFormat(.int8, scale: 1 / 128, zeroPoint: 0)
    case (.logSoftmax, .int8): IntegerFormat(.int8, scale: 1 / 16, zeroPoint: 127)
    default: nil
    }
  }

  /// Whether a function has an integer form with any scales.
  private static func hasIntegerForm(_ function: UnaryFunction, _ type: ElementType) -> Bool {
    switch function {
    case .relu, .relu6, .leakyReLU, .absolute: true
    case .hardSwish, .elu, .negate, .reluN1To1, .relu0To1: type == .int8
    default: false
    }
  }

  /// The operands as integers of a type; `nil` if one cannot be such.
  private mutating func operands(_ inputs: [TensorID?], type: ElementType) -> [TensorID?]? {
    guard inputs.contains(where: { isActivation($0, type) }) else { return nil }
    var result: [TensorID?] = []
    for input in inputs {
      guard let input else { return nil }
      if isActivation(input, type) {
        result.append(activation(input))
      } else if let integers = constantOperand(input, type) {
        result.append(integers)
      } else {
        return nil
      }
    }
    return result
  }

  private func isActivation(_ id: TensorID?, _ type: ElementType) -> Bool {
    guard let id, let twin = twins[id], tensors[twin.index].constant == nil else { return false }
    return IntegerFormat(tensors[twin.index])?.signed.type == type
  }

  /// A constant with the scale that the model states, where it states one that fits, else with the
  /// best one.
  private mutating func constantOperand(_ id: TensorID, _ type: ElementType) -> TensorID? {
    if let twin = twins[id], let format = IntegerFormat(tensors[twin.index]), format.type == type {
      return twin
    }
    let value = twins[id].map { tensors[$0.index] } ?? tensors[id.index]
    guard value.constant != nil, let reals = value.realConstant else { return nil }
    return constant(id, in: IntegerFormat(covering: reals, type: type))
  }

  private func isSymmetric(_ inputs: [TensorID?], _ format: IntegerFormat) -> Bool {
    format.zeroPoint == 0
      && inputs.allSatisfy { $0.flatMap { tensors[$0.index].quantization?.zeroPoint } == 0 }
  }

  /// The float constant by which to multiply instead of dividing; `nil` for other operators.
  private mutating func reciprocal(_ operation: Operator) -> TensorID? {
    guard case .binary(.divide(.none)) = operation.kind, let divisor = operation.inputs[1] else {
      return nil
    }
    let value = twins[divisor].map { tensors[$0.index] } ?? tensors[divisor.index]
    guard let reals = value.realConstant, !reals.contains(0) else { return nil }
    var tensor = tensors[divisor.index]
    tensor.constant = reals.map { Float(1 / $0) }.withUnsafeBytes { [UInt8]($0) }
    return append(tensor)
  }
}
