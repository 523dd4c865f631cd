// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/cast``.
struct CastSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let types: [ElementType] = [.float32, .int8, .uint8, .int16, .int32, .int64, .bool]
    let input = try operands.requiredInput(0)
    let output = try operands.output()
    guard types.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(0), types)
    }
    guard types.contains(output.elementType) else {
      throw operands.unsupportedType(output, "the output", types)
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }
}
