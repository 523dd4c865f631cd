// SPDX-License-Identifier: Apache-2.0

extension Operands {
  /// Checks types and quantization of an operator whose inputs are activations, weights and perhaps
  /// a bias, against the TFLite quantization specification.
  ///
  /// - Parameters:
  ///   - weightAxis: The dimension of the weights along which scales may run.
  ///   - outputChannels: How many elements the bias must have.
  func checkWeighted(weightAxis: Int, outputChannels: Int) throws(OperatorProblem) {
    let activations = try requiredInput(0)
    let weights = try requiredInput(1)
    let output = try output()
    try checkTypes(activations, weights, output)
    if let bias = input(2) {
      guard bias.shape.elementCount == outputChannels,
        bias.shape.rank <= 1 || bias.shape.dimensions.last == outputChannels
      else {
        throw OperatorProblem("the bias is \(bias.shape), but there are \(outputChannels) outputs")
      }
    }
    guard activations.elementType != .float32 else { return }
    try requirePerTensor(activations, role(0))
    try requirePerTensor(output, "the output")
    try checkWeightQuantization(weights, axis: weightAxis)
    try requireConstant(1)
    try requireConstant(2)
  }

  private func checkTypes(
    _ activations: Tensor, _ weights: Tensor, _ output: Tensor
  ) throws(OperatorProblem) {
    let type = activations.elementType
    let activationTypes: [ElementType] = [.float32, .int8, .int16]
    guard activationTypes.contains(type) else {
      throw unsupportedType(activations, role(0), activationTypes)
    }
    guard output.elementType == type else {
      throw OperatorProblem(
        "\(role(0)) has type \(type.rawValue), but the output \(output.elementType.rawValue)")
    }
    let weightTypes: [ElementType] = type == .float32 ? [.float32] : [.int8, .int4]
    guard weightTypes.contains(weights.elementType) else {
      throw type == .float32 && weights.quantization != nil
        ? Self.hybrid(weights) : unsupportedType(weights, role(1), weightTypes)
    }
    let biasTypes: [ElementType] =
      switch type {
      case .float32: [.float32]
      case .int8: [.int32]
      default: [.int32, .int64]
      }
    if let bias = input(2), !biasTypes.contains(bias.elementType) {
      throw unsupportedType(bias, role(2), biasTypes)
    }
  }

  private static func hybrid(_ weights: Tensor) -> OperatorProblem {
    OperatorProblem(
      "the weights are \(weights.elementType.rawValue), but the activations float32 "
        + "(dynamic-range quantization)",
      remedy: "export the model as plain float32 or with full integer quantization")
  }

  private func checkWeightQuantization(_ weights: Tensor, axis: Int) throws(OperatorProblem) {
    guard let quantization = weights.quantization else {
      throw OperatorProblem(
        "the weights have no scale", remedy: "export the model with full integer quantization")
    }
    guard quantization.isPerTensor || quantization.axis == axis else {
      throw OperatorProblem(
        "the weights have scales along dimension \(quantization.axis), but must have them along "
          + "\(axis)")
    }
    guard quantization.zeroPoints.allSatisfy({ $0 == 0 }) else {
      throw OperatorProblem(
        "the weights have a zero point other than 0",
        remedy: "export the model with symmetric weights, as the TFLite specification demands")
    }
    if let bias = input(2)?.quantization, !bias.zeroPoints.allSatisfy({ $0 == 0 }) {
      throw OperatorProblem(
        "the bias has a zero point other than 0",
        remedy: "export the model with symmetric biases, as the TFLite specification demands")
    }
  }

  private func requireConstant(_ index: Int) throws(OperatorProblem) {
    guard let tensor = input(index), tensor.constant == nil else { return }
    throw OperatorProblem(
      "\(role(index)) is computed at run time, but must be constant in a quantized operator",
      remedy: "freeze the model's variables before exporting it")
  }
}
