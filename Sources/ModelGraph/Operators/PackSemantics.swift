// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/pack(axis:)``.
struct PackSemantics: OperatorSemantics {
  var axis: Int

  var inputRoles: [String] { [] }
  var requiredInputCount: Int { 1 }
  var inputCountLimit: Int { OperatorKind.variableOperandLimit }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    guard (0...shape.rank).contains(axis) else {
      throw OperatorProblem("it cannot add a dimension \(axis) to \(shape)")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let first = try operands.requiredInput(0).shape
    for index in operands.inputs.indices {
      let shape = try operands.requiredInput(index).shape
      guard shape == first else {
        throw OperatorProblem("inputs \(first) and \(shape) differ, but must be equal")
      }
    }
    return [first.inserting(operands.inputs.count, at: axis)]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(axis)
  }
}

extension Shape {
  /// The same dimensions and one more.
  func inserting(_ extent: Int, at axis: Int) -> Shape {
    var result = self
    result.dimensions.insert(extent, at: axis)
    return result
  }
}
