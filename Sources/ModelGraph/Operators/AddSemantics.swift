// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/add(_:)``.
struct AddSemantics: OperatorSemantics {
  var activation: Activation

  var inputRoles: [String] { ["the first summand", "the second summand"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let types: [ElementType] = [.float32, .int8, .int16]
    let output = try operands.output()
    guard types.contains(output.elementType) else {
      throw operands.unsupportedType(output, "the output", types)
    }
    try operands.requirePerTensor(output, "the output")
    for index in 0..<2 {
      let input = try operands.requiredInput(index)
      guard input.elementType == output.elementType else {
        throw OperatorProblem(
          "\(operands.role(index)) is \(input.elementType.rawValue), but the sum is "
            + output.elementType.rawValue)
      }
      try operands.requirePerTensor(input, operands.role(index))
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let a = try operands.requiredInput(0).shape
    let b = try operands.requiredInput(1).shape
    guard let shape = a.broadcast(with: b) else {
      throw OperatorProblem(
        "shapes \(a) and \(b) do not broadcast to one",
        remedy: "make each pair of trailing dimensions equal, or one of them 1")
    }
    return [shape]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(activation.rawValue)
  }
}
