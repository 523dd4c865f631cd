// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/binary(_:)``.
struct BinarySemantics: OperatorSemantics {
  var function: BinaryFunction

  var inputRoles: [String] { ["the first operand", "the second operand"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let tensors = try operands.pairAndOutput()
    if isUnquantizedSelection(tensors.map(\.tensor)) { return }
    try operands.requireSameType(tensors, [.float32, .int8, .int16])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.broadcastShape(2)]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(function.activation.rawValue)
  }

  /// The larger or smaller of two int32, which need no scale.
  private func isUnquantizedSelection(_ tensors: [Tensor]) -> Bool {
    (function == .maximum || function == .minimum)
      && tensors.allSatisfy { $0.elementType == .int32 }
  }
}
