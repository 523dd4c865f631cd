// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/logSoftmax``.
struct LogSoftmaxSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let output = try operands.output()
    guard input.shape.rank >= 1 else {
      throw OperatorProblem("the input is a scalar, but must have at least one dimension")
    }
    let types: [ElementType] = [.float32, .int8]
    guard types.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(0), types)
    }
    guard input.elementType == output.elementType else {
      throw OperatorProblem(
        "the input is \(input.elementType.rawValue), but the output is "
          + output.elementType.rawValue)
    }
    try operands.requirePerTensor(input, operands.role(0))
    try operands.requirePerTensor(output, "the output")
    try operands.requireOutputScale(1 / 16, zeroPoint: 127)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }
}

extension Operands {
  /// Requires the scale and zero point that the TFLite specification fixes for a quantized output,
  /// to a thousandth.
  func requireOutputScale(_ scale: Float, zeroPoint: Int) throws(OperatorProblem) {
    guard let quantization = try output().quantization else { return }
    guard abs(quantization.scale / scale - 1) <= 0.001, quantization.zeroPoint == zeroPoint else {
      throw OperatorProblem(
        "the output has scale \(quantization.scale) and zero point \(quantization.zeroPoint), but "
          + "must have \(scale) and \(zeroPoint)",
        remedy: "export the model again; the TFLite specification demands these")
    }
  }
}
