// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/transpose(permutation:)``.
struct TransposeSemantics: OperatorSemantics {
  var permutation: [Int]

  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    guard permutation.sorted() == Array(shape.dimensions.indices) else {
      throw OperatorProblem("\(permutation) is not an order of the dimensions of \(shape)")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let shape = try operands.requiredInput(0).shape
    return [Shape(permutation.map { shape[$0] })]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(permutation)
  }
}
