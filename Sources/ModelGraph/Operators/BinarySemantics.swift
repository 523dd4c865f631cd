// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/binary(_:)``.
struct BinarySemantics: OperatorSemantics {
  var function: BinaryFunction

  var inputRoles: [String] { ["the first operand", "the second operand"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameTypeOrPlainIntegers(
      try operands.pairAndOutput(), [.float32, .int8, .int16])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(2)]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(function.activation.rawValue)
  }
}
