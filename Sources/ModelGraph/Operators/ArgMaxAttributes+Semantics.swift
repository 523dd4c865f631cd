// SPDX-License-Identifier: Apache-2.0

extension ArgMaxAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let output = try operands.output()
    try operands.requireAxis(axis, of: input.shape)
    let inputTypes: [ElementType] = [.float32, .int8]
    guard inputTypes.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(0), inputTypes)
    }
    let outputTypes: [ElementType] = [.int32, .int64]
    guard outputTypes.contains(output.elementType) else {
      throw operands.unsupportedType(output, "the output", outputTypes)
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    var dimensions = try operands.requiredInput(0).shape.dimensions
    dimensions.remove(at: axis)
    return [Shape(dimensions)]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) { encoder.append(axis) }
}
