// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/l2Normalization``.
struct L2NormalizationSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    guard try operands.requiredInput(0).shape.rank >= 1 else {
      throw OperatorProblem("the input is a scalar, but must have at least one dimension")
    }
    try operands.requireOneQuantizedType([.float32, .int8])
    try operands.requireOutputScale(1 / 128, zeroPoint: 0)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }
}
