// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/unary(_:)``.
struct UnarySemantics: OperatorSemantics {
  var function: UnaryFunction

  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let tensors = [(input, operands.role(0)), (try operands.output(), "the output")]
    switch function {
    case .absolute, .negate:
      try operands.requireSameTypeOrPlainIntegers(tensors, [.float32, .int8, .int16])
    default: try operands.requireSameType(tensors, [.float32, .int8, .int16])
    }
    if case .leakyReLU(let alpha) = function, !alpha.isFinite {
      throw OperatorProblem("alpha is \(alpha), but must be finite")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    switch function {
    case .leakyReLU(let alpha): encoder.append(alpha)
    case .gelu(let approximate): encoder.append(approximate ? 1 : 0)
    default: break
    }
  }
}
