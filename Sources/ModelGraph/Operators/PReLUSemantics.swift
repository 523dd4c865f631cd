// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/prelu``.
struct PReLUSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input", "the factor of negative elements"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    try operands.requireSameType(
      [(input, operands.role(0)), (try operands.output(), "the output")],
      [.float32, .int8, .int16])
    let factor = try operands.requiredInput(1)
    let expected: ElementType = input.elementType == .float32 ? .float32 : .int8
    guard factor.elementType == expected else {
      throw operands.unsupportedType(factor, operands.role(1), [expected])
    }
    try operands.requirePerTensor(factor, operands.role(1))
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(2)]
  }
}
