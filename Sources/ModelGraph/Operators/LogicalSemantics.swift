// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/logical(_:)``.
struct LogicalSemantics: OperatorSemantics {
  var function: LogicalFunction

  var inputRoles: [String] {
    Array(["the first operand", "the second operand"].prefix(function.operandCount))
  }

  func check(_ operands: Operands) throws(OperatorProblem) {
    for index in 0..<function.operandCount {
      try operands.requireTruthValues(try operands.requiredInput(index), operands.role(index))
    }
    try operands.requireTruthValues(try operands.output(), "the output")
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(function.operandCount)]
  }
}
