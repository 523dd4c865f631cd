// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/compare(_:)``.
struct CompareSemantics: OperatorSemantics {
  var relation: Relation

  var inputRoles: [String] { ["the first operand", "the second operand"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let a = try operands.requiredInput(0)
    let b = try operands.requiredInput(1)
    try operands.requireTruthValues(try operands.output(), "the output")
    if a.elementType == .bool, relation == .equal || relation == .notEqual {
      return try operands.requireTruthValues(b, operands.role(1))
    }
    try operands.requireSameTypeOrPlainIntegers(
      [(a, operands.role(0)), (b, operands.role(1))], [.float32, .int8])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(2)]
  }
}
