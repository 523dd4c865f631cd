// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/split(axis:)``: the outputs' shapes tell the sizes of the parts.
struct SplitSemantics: OperatorSemantics {
  var axis: Int

  var inputRoles: [String] { ["the input"] }
  var outputCounts: ClosedRange<Int> { 1...OperatorKind.variableOperandLimit }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    try operands.requireAxis(axis, of: try operands.requiredInput(0).shape)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let input = try operands.requiredInput(0).shape
    var total = 0
    let parts = try operands.outputs.map { (output: Tensor) throws(OperatorProblem) -> Shape in
      guard output.shape.dimensions.indices.contains(axis) else {
        throw OperatorProblem("its output \(output.shape) has no dimension \(axis)")
      }
      total += output.shape[axis]
      return input.replacing(axis, by: output.shape[axis])
    }
    guard total == input[axis] else {
      throw OperatorProblem(
        "its outputs have \(total) elements along dimension \(axis), but its input \(input) has "
          + "\(input[axis])")
    }
    return parts
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(axis)
  }
}
