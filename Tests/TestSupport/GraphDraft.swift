// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Builds small graphs for tests, tensor by tensor, with reproducible weights and scales.
public struct GraphDraft {
  private let name: String
  private let type: ElementType
  private var tensors: [Tensor] = []
  private var operators: [Operator] = []
  private var random: SplitMix64

  /// Starts a graph whose activations are of `type`: int8 or float32.
  public init(name: String, type: ElementType, seed: UInt64 = 1) {
    self.name = name
    self.type = type
    random = SplitMix64(seed: seed)
  }

  /// Adds a tensor as it is.
  public mutating func append(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }

  /// Adds an activation; integers get scale 0.05 and zero point 3.
  public mutating func tensor(_ shape: Shape, type: ElementType) -> TensorID {
    append(
      Tensor(
        name: "t\(tensors.count)", shape: shape, elementType: type,
        quantization: type == .int8 ? QuantizationParameters(scale: 0.05, zeroPoint: 3) : nil))
  }

  /// Adds an activation that the caller fills.
  public mutating func input(_ shape: Shape) -> TensorID { tensor(shape, type: type) }

  /// Adds weights; int8 ones with scales along `axis`, or one scale if that is `nil`.
  public mutating func weights(_ shape: Shape, axis: Int?) -> TensorID {
    let count = axis.map { shape[$0] } ?? 1
    let scales = (0..<count).map { _ in Float.random(in: 0.001...0.01, using: &random) }
    return append(
      Tensor(
        name: "weights\(tensors.count)", shape: shape, elementType: type,
        quantization: type == .int8
          ? QuantizationParameters(
            scales: scales, zeroPoints: [Int](repeating: 0, count: count), axis: axis ?? 0) : nil,
        constant: type == .int8
          ? random.bytes(shape.elementCount) : floatBytes(shape.elementCount)))
  }

  /// Adds a bias of `count` elements.
  public mutating func bias(_ count: Int) -> TensorID {
    let bytes =
      type == .int8
      ? (0..<count).flatMap { _ in
        withUnsafeBytes(of: Int32.random(in: -1000...1000, using: &random).littleEndian, Array.init)
      } : floatBytes(count)
    return append(
      Tensor(
        name: "bias\(tensors.count)", shape: [count],
        elementType: type == .int8 ? .int32 : .float32,
        quantization: type == .int8 ? QuantizationParameters(scale: 0.0001, zeroPoint: 0) : nil,
        constant: bytes))
  }

  /// Adds the second operand of a RESHAPE.
  public mutating func shapeConstant(_ dimensions: [Int32]) -> TensorID {
    append(
      Tensor(
        name: "shape\(tensors.count)", shape: [dimensions.count], elementType: .int32,
        constant: dimensions.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }))
  }

  /// Adds an operator and its output.
  public mutating func operation(
    _ kind: OperatorKind, _ inputs: [TensorID?], output: Shape
  ) -> TensorID {
    let result = tensor(output, type: type)
    append(kind, inputs, [result])
    return result
  }

  /// Adds a SOFTMAX and its output, whose scale the specification fixes.
  public mutating func softmax(_ input: TensorID, _ shape: Shape) -> TensorID {
    let result = append(
      Tensor(
        name: "t\(tensors.count)", shape: shape, elementType: type,
        quantization: type == .int8
          ? QuantizationParameters(scale: 1 / 256, zeroPoint: -128) : nil))
    append(.softmax(beta: 1), [input], [result])
    return result
  }

  /// Adds an operator.
  public mutating func append(_ kind: OperatorKind, _ inputs: [TensorID?], _ outputs: [TensorID]) {
    operators.append(
      Operator(
        kind: kind, name: outputs.first.map { tensors[$0.index].name } ?? "", inputs: inputs,
        outputs: outputs, sourceIndices: [operators.count]))
  }

  /// The graph, unverified.
  public func graph(inputs: [TensorID], outputs: [TensorID]) -> Graph {
    Graph(name: name, tensors: tensors, operators: operators, inputs: inputs, outputs: outputs)
  }

  private mutating func floatBytes(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in
      withUnsafeBytes(
        of: Float.random(in: -1...1, using: &random).bitPattern.littleEndian, Array.init)
    }
  }
}
