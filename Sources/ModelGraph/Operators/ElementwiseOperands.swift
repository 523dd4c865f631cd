// SPDX-License-Identifier: Apache-2.0

/// Checks that elementwise operators share.
extension Operands {
  /// Requires the tensors to have one type: out of `types`, quantized ones with one scale each; or plain
  /// integers, which stand for nothing but themselves.
  func requireSameTypeOrPlainIntegers(
    _ tensors: [(tensor: Tensor, role: String)], _ types: [ElementType]
  ) throws(OperatorProblem) {
    guard let first = tensors.first?.tensor.elementType, !Self.arePlain(tensors, first) else {
      return
    }
    try requireSameType(tensors, types)
  }

  private static func arePlain(
    _ tensors: [(tensor: Tensor, role: String)], _ type: ElementType
  ) -> Bool {
    let plainTypes: [ElementType] = [.int8, .uint8, .int16, .int32, .int64]
    return plainTypes.contains(type)
      && tensors.allSatisfy { $0.tensor.elementType == type && $0.tensor.quantization == nil }
  }

  /// Requires the tensors to have one type, out of `types`, and quantized ones one scale each.
  func requireSameType(
    _ tensors: [(tensor: Tensor, role: String)], _ types: [ElementType]
  ) throws(OperatorProblem) {
    guard let first = tensors.first else { return }
    for (tensor, role) in tensors {
      guard types.contains(tensor.elementType) else { throw unsupportedType(tensor, role, types) }
      guard tensor.elementType == first.tensor.elementType else {
        throw OperatorProblem(
          "\(first.role) is \(first.tensor.elementType.rawValue), but \(role) is "
            + tensor.elementType.rawValue)
      }
      try requirePerTensor(tensor, role)
    }
  }

  /// The first two inputs and the output, with their names.
  func pairAndOutput() throws(OperatorProblem) -> [(tensor: Tensor, role: String)] {
    [
      (try requiredInput(0), role(0)), (try requiredInput(1), role(1)),
      (try output(), "the output"),
    ]
  }

  /// Requires an operand to hold truth values.
  func requireTruthValues(_ tensor: Tensor, _ role: String) throws(OperatorProblem) {
    guard tensor.elementType == .bool else { throw unsupportedType(tensor, role, [.bool]) }
  }

  /// The shape to which the first `count` inputs broadcast.
  func broadcastShape(_ count: Int) throws(OperatorProblem) -> Shape {
    var result = try requiredInput(0).shape
    for index in 1..<count {
      let other = try requiredInput(index).shape
      guard let shape = result.broadcast(with: other) else {
        throw OperatorProblem(
          "shapes \(result) and \(other) do not broadcast to one",
          remedy: "make each pair of trailing dimensions equal, or one of them 1")
      }
      result = shape
    }
    return result
  }
}
