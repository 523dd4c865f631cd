// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/softmax(beta:)``.
struct SoftmaxSemantics: OperatorSemantics {
  var beta: Float

  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let output = try operands.output()
    guard beta.isFinite, beta > 0 else {
      throw OperatorProblem("beta is \(beta), but must be positive and finite")
    }
    guard input.shape.rank >= 1 else {
      throw OperatorProblem("the input is a scalar, but must have at least one dimension")
    }
    let types: [ElementType] = [.float32, .int8, .int16]
    for (tensor, role) in [(input, operands.role(0)), (output, "the output")] {
      guard types.contains(tensor.elementType) else {
        throw operands.unsupportedType(tensor, role, types)
      }
      try operands.requirePerTensor(tensor, role)
    }
    switch (input.elementType, output.elementType) {
    case (.float32, .float32): break
    case (.int8, .int8): try operands.requireOutputScale(1 / 256, zeroPoint: -128)
    case (.int8, .int16): try operands.requireOutputScale(1 / 65536, zeroPoint: -32768)
    case (.int16, .int16): try operands.requireOutputScale(1 / 32768, zeroPoint: 0)
    default:
      throw OperatorProblem(
        "the input is \(input.elementType.rawValue), but the output is "
          + output.elementType.rawValue)
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(beta)
  }
}
