// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/assignVariable``.
struct AssignVariableSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the variable", "the new value"] }
  var outputCounts: ClosedRange<Int> { 0...0 }
  var variableInputs: [Int] { [0] }
  var writtenInputs: [Int] { [0] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameBytes(
      try operands.requiredInput(0), try operands.requiredInput(1), operands.role(1))
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] { [] }
}

extension Operands {
  /// Requires a variable and a value to have the same type and number of elements, so that one's bytes
  /// can become the other's.
  func requireSameBytes(
    _ variable: Tensor, _ value: Tensor, _ role: String
  ) throws(OperatorProblem) {
    guard variable.elementType == value.elementType,
      variable.shape.elementCount == value.shape.elementCount
    else {
      throw OperatorProblem(
        "the variable is \(variable.elementType.rawValue) \(variable.shape), but \(role) "
          + "\(value.elementType.rawValue) \(value.shape)")
    }
  }
}
