// SPDX-License-Identifier: Apache-2.0

/// The tensors of one operator, and checks that several kinds share.
struct Operands {
  /// The inputs; `nil` where an optional one is left out.
  var inputs: [Tensor?]
  /// The outputs.
  var outputs: [Tensor]
  private let roles: [String]

  init(inputs: [Tensor?], outputs: [Tensor], roles: [String]) {
    self.inputs = inputs
    self.outputs = outputs
    self.roles = roles
  }

  /// The input at `index`, if it is there.
  func input(_ index: Int) -> Tensor? { index < inputs.count ? inputs[index] : nil }

  /// The input at `index`.
  func requiredInput(_ index: Int) throws(OperatorProblem) -> Tensor {
    guard let tensor = input(index) else {
      throw OperatorProblem("\(role(index)) is missing")
    }
    return tensor
  }

  /// The name of the input at `index`.
  func role(_ index: Int) -> String { Self.role(index, of: roles) }

  /// The name of the input at `index` of an operator whose inputs have these roles.
  static func role(_ index: Int, of roles: [String]) -> String {
    index < roles.count ? roles[index] : "input \(index)"
  }

  /// The output, of operators that have one.
  func output() throws(OperatorProblem) -> Tensor {
    guard let tensor = outputs.first else { throw OperatorProblem("the output is missing") }
    return tensor
  }
}

extension Operands {
  /// Requires the input at `index` to have `rank` dimensions.
  func requireRank(_ rank: Int, ofInput index: Int) throws(OperatorProblem) {
    let tensor = try requiredInput(index)
    guard tensor.shape.rank == rank else {
      throw OperatorProblem(
        "\(role(index)) is \(tensor.shape), but must have \(rank) dimensions",
        remedy: "reshape it before this operator")
    }
  }

  /// Requires quantized integers to have one scale for the whole tensor.
  func requirePerTensor(_ tensor: Tensor, _ role: String) throws(OperatorProblem) {
    guard tensor.elementType != .float32 else { return }
    guard let quantization = tensor.quantization, quantization.isPerTensor else {
      throw OperatorProblem(
        "\(role) has type \(tensor.elementType.rawValue), but not one scale and zero point",
        remedy: "export the model with full integer quantization")
    }
  }

  /// Requires input and output to have the same type, out of `types`, and the same quantization.
  func requireSameTypeAndScale(_ types: [ElementType]) throws(OperatorProblem) {
    let input = try requiredInput(0)
    let output = try output()
    guard types.contains(input.elementType) else { throw unsupportedType(input, role(0), types) }
    guard input.elementType == output.elementType else {
      throw OperatorProblem(
        "the input is \(input.elementType.rawValue), but the output is "
          + output.elementType.rawValue)
    }
    guard input.elementType != .float32 else { return }
    guard Self.haveSameScale(input.quantization, output.quantization) else {
      throw OperatorProblem(
        "input and output have different scales or zero points, but must have the same",
        remedy: "export the model again; the TFLite specification demands equal ones here")
    }
  }

  /// The problem that `tensor` has a type that is not one of `types`.
  func unsupportedType(_ tensor: Tensor, _ role: String, _ types: [ElementType]) -> OperatorProblem
  {
    let supported = types.map(\.rawValue).joined(separator: ", ")
    return OperatorProblem(
      "\(role) has type \(tensor.elementType.rawValue); supported: \(supported)",
      remedy: tensor.elementType == .uint8
        ? "uint8 networks are an obsolete form; convert the model again to int8"
        : "export the model as float32 or with full int8 quantization")
  }

  private static func haveSameScale(
    _ a: QuantizationParameters?, _ b: QuantizationParameters?
  ) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    guard a.zeroPoints == b.zeroPoints, a.scales.count == b.scales.count else { return false }
    // Converters round scales to float at different places, and TFLite Micro looks no closer.
    return zip(a.scales, b.scales).allSatisfy { abs($0 - $1) <= max(1e-6, 1e-6 * max($0, $1)) }
  }
}
