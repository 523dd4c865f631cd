// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/select``.
struct SelectSemantics: OperatorSemantics {
  var inputRoles: [String] {
    ["the condition", "the value where it holds", "the value where it does not"]
  }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireTruthValues(try operands.requiredInput(0), operands.role(0))
    let values = try operands.requiredInput(1)
    if values.elementType == .bool, values.quantization == nil {
      try operands.requireTruthValues(try operands.requiredInput(2), operands.role(2))
      return try operands.requireTruthValues(try operands.output(), "the output")
    }
    try operands.requireSameTypeOrPlainIntegers(
      [
        (try operands.requiredInput(1), operands.role(1)),
        (try operands.requiredInput(2), operands.role(2)), (try operands.output(), "the output"),
      ], [.float32, .int8, .int16])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(3)]
  }
}
