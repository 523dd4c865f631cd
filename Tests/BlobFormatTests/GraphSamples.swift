// SPDX-License-Identifier: Apache-2.0
import ModelGraph

/// Small graphs made by hand.
struct GraphSample {
  private(set) var tensors: [Tensor] = []
  private(set) var operators: [Operator] = []
  var inputs: [TensorID] = []
  var outputs: [TensorID] = []
  var labels: [String] = []

  var graph: Graph {
    Graph(
      name: "sample", tensors: tensors, operators: operators, inputs: inputs, outputs: outputs,
      labels: labels)
  }

  mutating func add(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }

  mutating func activation(
    _ shape: Shape, scale: Float = 0.5, zeroPoint: Int = 0, name: String? = nil
  ) -> TensorID {
    add(
      Tensor(
        name: name ?? "t\(tensors.count)", shape: shape, elementType: .int8,
        quantization: QuantizationParameters(scale: scale, zeroPoint: zeroPoint)))
  }

  mutating func float(_ shape: Shape, name: String) -> TensorID {
    add(Tensor(name: name, shape: shape, elementType: .float32))
  }

  mutating func weights(
    _ values: [Int8], _ shape: Shape, scales: [Float] = [0.25], axis: Int = 0
  ) -> TensorID {
    add(
      Tensor(
        name: "w\(tensors.count)", shape: shape, elementType: .int8,
        quantization: QuantizationParameters(
          scales: scales, zeroPoints: scales.map { _ in 0 }, axis: axis),
        constant: values.map { UInt8(bitPattern: $0) }))
  }

  mutating func bias(_ values: [Int32]) -> TensorID {
    add(
      Tensor(
        name: "b\(tensors.count)", shape: Shape([values.count]), elementType: .int32,
        constant: values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } })
    )
  }

  mutating func apply(
    _ kind: OperatorKind, _ inputs: [TensorID?], to output: TensorID, name: String? = nil
  ) {
    operators.append(
      Operator(
        kind: kind, name: name ?? tensors[output.index].name, inputs: inputs, outputs: [output],
        sourceIndices: [operators.count]))
  }

  func scale(of tensor: TensorID) -> Float { tensors[tensor.index].quantization?.scale ?? 0 }

  func zeroPoint(of tensor: TensorID) -> Int { tensors[tensor.index].quantization?.zeroPoint ?? 0 }

  /// A 1x1 convolution with weights of one, from one activation to a new one.
  mutating func pointwise(
    _ input: TensorID, channels: Int, activation: Activation = .none
  ) -> TensorID {
    let from = tensors[input.index].shape
    let filter = weights(
      [Int8](repeating: 1, count: channels * from[3]), [channels, 1, 1, from[3]])
    let output = self.activation([from[0], from[1], from[2], channels])
    apply(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1), padding: .valid, activation: activation)),
      [input, filter, nil], to: output)
    return output
  }

  /// [1, 4] int8 → fully connected → [1, 2] int8: the test vector of the specification.
  static var fullyConnected: Graph {
    var sample = GraphSample()
    let input = sample.activation([1, 4], scale: 0.5, zeroPoint: 1, name: "in")
    let weights = sample.weights([1, 2, 3, 4, -1, -2, -3, -4], [2, 4], scales: [0.25])
    let bias = sample.bias([20, -30])
    let output = sample.activation([1, 2], scale: 1, zeroPoint: -3, name: "out")
    sample.apply(
      .fullyConnected(FullyConnectedAttributes(activation: .relu)), [input, weights, bias],
      to: output)
    sample.inputs = [input]
    sample.outputs = [output]
    sample.labels = ["no", "yes"]
    return sample.graph
  }

  /// Convolution, a residual block, pool, reshape, fully connected, softmax.
  static var residual: Graph {
    var sample = GraphSample()
    let input = sample.activation([1, 8, 8, 4], name: "image")
    let stem = sample.pointwise(input, channels: 8, activation: .relu)
    let inner = sample.pointwise(stem, channels: 8, activation: .relu6)
    let branch = sample.pointwise(inner, channels: 8)
    let sum = sample.activation([1, 8, 8, 8], scale: 0.75, zeroPoint: 4, name: "sum")
    sample.apply(.add(.relu), [stem, branch], to: sum)
    let pooled = sample.activation([1, 1, 1, 8], scale: 0.75, zeroPoint: 4, name: "pooled")
    sample.apply(
      .averagePool2D(
        Pool2DAttributes(
          window: Spatial(height: 8, width: 8), stride: Spatial(height: 8, width: 8),
          padding: .valid, activation: .none)), [sum], to: pooled)
    let flat = sample.activation([1, 8], scale: 0.75, zeroPoint: 4, name: "flat")
    sample.apply(.reshape, [pooled, nil], to: flat)
    let logits = sample.activation([1, 3], scale: 0.1, zeroPoint: 0, name: "logits")
    let weights = sample.weights([Int8](repeating: 2, count: 24), [3, 8], scales: [0.01])
    sample.apply(
      .fullyConnected(FullyConnectedAttributes(activation: .none)), [flat, weights, nil],
      to: logits)
    let scores = sample.activation([1, 3], scale: 1 / 256, zeroPoint: -128, name: "scores")
    sample.apply(.softmax(beta: 1), [logits], to: scores)
    sample.inputs = [input]
    sample.outputs = [scores]
    return sample.graph
  }
}
