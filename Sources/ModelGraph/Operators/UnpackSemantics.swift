// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/unpack(axis:)``.
struct UnpackSemantics: OperatorSemantics {
  var axis: Int

  var inputRoles: [String] { ["the input"] }
  var outputCounts: ClosedRange<Int> { 1...OperatorKind.variableOperandLimit }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    try operands.requireAxis(axis, of: shape)
    guard shape[axis] == operands.outputs.count else {
      throw OperatorProblem(
        "it has \(operands.outputs.count) outputs, but its input \(shape) has \(shape[axis]) "
          + "elements along dimension \(axis)")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    var shape = try operands.requiredInput(0).shape
    shape.dimensions.remove(at: axis)
    return operands.outputs.map { _ in shape }
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(axis)
  }
}
