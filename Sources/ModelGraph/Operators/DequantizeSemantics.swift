// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/dequantize``.
struct DequantizeSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let output = try operands.output()
    let sources: [ElementType] = [.int4, .int8, .uint8, .int16, .int32]
    guard sources.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(0), sources)
    }
    guard output.elementType == .float32 else {
      throw operands.unsupportedType(output, "the output", [.float32])
    }
    guard input.quantization != nil else {
      throw OperatorProblem(
        "\(operands.role(0)) has type \(input.elementType.rawValue), but no scale",
        remedy: "export the model with full integer quantization")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }
}
