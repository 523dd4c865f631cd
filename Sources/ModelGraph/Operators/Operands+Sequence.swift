// SPDX-License-Identifier: Apache-2.0

/// Checks of operators that run over sequences.
extension Operands {
  /// Requires the input at `index` to have this shape.
  func require(_ shape: Shape, ofInput index: Int) throws(OperatorProblem) {
    let tensor = try requiredInput(index)
    guard tensor.shape == shape else {
      throw OperatorProblem("\(role(index)) is \(tensor.shape), but must be \(shape)")
    }
  }

  /// Requires the input at `index` to have so many elements, in whatever shape.
  func require(elements: Int, ofInput index: Int) throws(OperatorProblem) {
    let tensor = try requiredInput(index)
    guard tensor.shape.elementCount == elements else {
      throw OperatorProblem("\(role(index)) is \(tensor.shape), but must have \(elements) elements")
    }
  }

  /// Requires the input at `index` to have this type.
  func require(_ type: ElementType, ofInput index: Int) throws(OperatorProblem) {
    try requireType(type, of: try requiredInput(index), role(index))
  }

  /// Requires a tensor to have this type.
  func requireType(
    _ type: ElementType, of tensor: Tensor, _ role: String
  ) throws(OperatorProblem) {
    guard tensor.elementType == type else { throw unsupportedType(tensor, role, [type]) }
  }

  /// Requires the input at `index` to have this type, and to be constant if that is an integer.
  func requireConstant(_ type: ElementType, ofInput index: Int) throws(OperatorProblem) {
    try require(type, ofInput: index)
    guard try requiredInput(index).constant != nil || type == .float32 else {
      throw OperatorProblem(
        "\(role(index)) is computed at run time, but must be constant in a quantized operator",
        remedy: "freeze the model's variables before exporting it")
    }
  }

  /// Requires weights of this type; integers with one scale and without a zero point.
  func requireWeights(_ index: Int, _ type: ElementType) throws(OperatorProblem) {
    try requireConstant(type, ofInput: index)
    let tensor = try requiredInput(index)
    try requirePerTensor(tensor, role(index))
    guard tensor.quantization?.zeroPoints.allSatisfy({ $0 == 0 }) ?? true else {
      throw OperatorProblem(
        "\(role(index)) have a zero point other than 0",
        remedy: "export the model with symmetric weights, as the TFLite specification demands")
    }
  }
}
