// SPDX-License-Identifier: Apache-2.0

extension ReduceAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    guard axes == Set(axes).sorted() else {
      throw OperatorProblem("its dimensions \(axes) are not in order, each once")
    }
    for axis in axes { try operands.requireAxis(axis, of: input.shape) }
    switch function {
    case .mean, .sum: try operands.requireOneQuantizedType([.float32, .int8, .int16])
    // The elements stay as they are.
    case .maximum, .minimum: try operands.requireSameTypeAndScale([.float32, .int8])
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let dimensions = try operands.requiredInput(0).shape.dimensions
    let reduced = Set(axes)
    return [
      Shape(
        dimensions.enumerated().compactMap { index, size in
          reduced.contains(index) ? (keepsDimensions ? 1 : nil) : size
        })
    ]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(axes)
    encoder.append(keepsDimensions ? 1 : 0)
  }
}

extension Operands {
  /// Requires input 0 and the output to have one type, out of `types`; integers with one scale each.
  func requireOneQuantizedType(_ types: [ElementType]) throws(OperatorProblem) {
    let input = try requiredInput(0)
    let output = try output()
    guard types.contains(input.elementType) else { throw unsupportedType(input, role(0), types) }
    guard input.elementType == output.elementType else {
      throw OperatorProblem(
        "the input is \(input.elementType.rawValue), but the output is "
          + output.elementType.rawValue)
    }
    try requirePerTensor(input, role(0))
    try requirePerTensor(output, "the output")
  }
}
