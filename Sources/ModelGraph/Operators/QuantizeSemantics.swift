// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/quantize``.
struct QuantizeSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let output = try operands.output()
    let sources: [ElementType] = [.float32, .int8, .uint8, .int16, .int32]
    guard sources.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(0), sources)
    }
    let targets: [ElementType] = [.int8, .uint8, .int16, .int32]
    guard targets.contains(output.elementType) else {
      throw operands.unsupportedType(output, "the output", targets)
    }
    try operands.requirePerTensor(input, operands.role(0))
    // Reals may get a scale for each index of a dimension.
    guard input.elementType != .float32 || output.quantization == nil else { return }
    try operands.requirePerTensor(output, "the output")
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }
}
