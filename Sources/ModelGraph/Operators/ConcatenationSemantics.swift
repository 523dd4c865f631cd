// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/concatenation(axis:)``.
struct ConcatenationSemantics: OperatorSemantics {
  var axis: Int

  var inputRoles: [String] { [] }
  var requiredInputCount: Int { 1 }
  var inputCountLimit: Int { OperatorKind.variableOperandLimit }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    try operands.requireAxis(axis, of: try operands.requiredInput(0).shape)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let first = try operands.requiredInput(0).shape
    var extent = 0
    for index in operands.inputs.indices {
      let shape = try operands.requiredInput(index).shape
      guard shape.rank == first.rank,
        shape.dimensions.indices.allSatisfy({ $0 == axis || shape[$0] == first[$0] })
      else {
        throw OperatorProblem(
          "inputs \(first) and \(shape) differ in more than dimension \(axis)")
      }
      extent += shape[axis]
    }
    return [first.replacing(axis, by: extent)]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(axis)
  }
}

extension Shape {
  /// The same dimensions but one.
  func replacing(_ axis: Int, by extent: Int) -> Shape {
    var result = self
    result.dimensions[axis] = extent
    return result
  }
}
