// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/add(_:)``.
struct AddSemantics: OperatorSemantics {
  var activation: Activation

  var inputRoles: [String] { ["the first summand", "the second summand"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameTypeOrPlainIntegers(
      try operands.pairAndOutput(), [.float32, .int8, .int16])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(2)]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(activation.rawValue)
  }
}
