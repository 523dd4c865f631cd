// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/readVariable``.
struct ReadVariableSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the variable"] }
  var variableInputs: [Int] { [0] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameBytes(try operands.requiredInput(0), try operands.output(), "the value")
  }

  /// Bytes are handed over as they are; the value's own shape rules.
  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.output().shape]
  }
}
