// SPDX-License-Identifier: Apache-2.0

/// Checks that operators share which only move elements. Their scales are not compared: elements are
/// moved as they are, as TFLite Micro moves them, and converters leave slightly different scales.
extension Operands {
  /// Requires every input and every output to have one type, of whole bytes.
  func requireSameType() throws(OperatorProblem) {
    let type = try requiredInput(0).elementType
    guard type.bitWidth.isMultiple(of: 8) else {
      throw unsupportedType(
        try requiredInput(0), role(0), ElementType.allCases.filter { $0 != type })
    }
    for index in inputs.indices {
      let input = try requiredInput(index)
      guard input.elementType == type else {
        throw OperatorProblem(
          "\(role(0)) is \(type.rawValue), but \(role(index)) \(input.elementType.rawValue)")
      }
    }
    for output in outputs where output.elementType != type {
      throw OperatorProblem(
        "\(role(0)) is \(type.rawValue), but an output \(output.elementType.rawValue)")
    }
  }

  /// Requires `axis` to be one of the dimensions of a shape.
  func requireAxis(_ axis: Int, of shape: Shape) throws(OperatorProblem) {
    guard shape.dimensions.indices.contains(axis) else {
      throw OperatorProblem("it works along dimension \(axis), which \(shape) does not have")
    }
  }
}
