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
    guard (input.elementType == .float32) == (output.elementType == .float32) else {
      throw OperatorProblem(
        "the input is \(input.elementType.rawValue), but the output is "
          + output.elementType.rawValue)
    }
    try checkOutputScale(output)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(beta)
  }

  /// The TFLite specification fixes the output's scale.
  private func checkOutputScale(_ output: Tensor) throws(OperatorProblem) {
    guard let quantization = output.quantization else { return }
    let expected =
      output.elementType == .int8
      ? QuantizationParameters(scale: 1 / 256, zeroPoint: -128)
      : QuantizationParameters(scale: 1 / 32768, zeroPoint: 0)
    guard quantization.scale == expected.scale, quantization.zeroPoint == expected.zeroPoint else {
      throw OperatorProblem(
        "the output has scale \(quantization.scale) and zero point \(quantization.zeroPoint), but "
          + "must have \(expected.scale) and \(expected.zeroPoint)",
        remedy: "export the model again; the TFLite specification demands these")
    }
  }
}
