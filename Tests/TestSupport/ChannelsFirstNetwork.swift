// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Builds float networks as a reader of ONNX files makes them: images are [n, c, h, w], and operators
/// on images have a transpose in front of them and one behind.
public struct ChannelsFirstNetwork {
  private var draft: GraphDraft
  private var shapes: [TensorID: Shape] = [:]
  private var random: SplitMix64
  private var inputs: [TensorID] = []

  /// Starts a network.
  public init(_ name: String, seed: UInt64 = 7) {
    draft = GraphDraft(name: name, type: .float32, seed: seed)
    random = SplitMix64(seed: seed)
  }

  /// The network with these outputs. Mutating, so that arguments may add layers.
  public mutating func graph(_ outputs: TensorID...) -> Graph {
    draft.graph(inputs: inputs, outputs: outputs)
  }

  /// The shape of a tensor.
  public func shape(_ id: TensorID) -> Shape { shapes[id] ?? [] }

  /// Adds an input.
  public mutating func input(_ shape: Shape) -> TensorID {
    let id = draft.input(shape)
    shapes[id] = shape
    inputs.append(id)
    return id
  }

  /// Adds an operator.
  public mutating func operation(
    _ kind: OperatorKind, _ inputs: [TensorID?], _ shape: Shape, type: ElementType = .float32
  ) -> TensorID {
    let id = draft.tensor(shape, type: type)
    draft.append(kind, inputs, [id])
    shapes[id] = shape
    return id
  }

  /// Adds random floats of this shape.
  public mutating func constant(_ shape: Shape, in range: ClosedRange<Float> = -1...1) -> TensorID {
    constant(shape, (0..<shape.elementCount).map { _ in Float.random(in: range, using: &random) })
  }

  /// Adds floats.
  public mutating func constant(_ shape: Shape, _ values: [Float]) -> TensorID {
    let id = draft.append(Tensor(name: "constant", shape: shape, floats: values))
    shapes[id] = shape
    return id
  }

  // MARK: Movement

  /// Adds a transpose.
  public mutating func transpose(_ x: TensorID, _ permutation: [Int]) -> TensorID {
    operation(
      .transpose(permutation: permutation), [x], Shape(permutation.map { shape(x)[$0] }))
  }

  /// Adds a reshape.
  public mutating func reshape(_ x: TensorID, _ shape: Shape) -> TensorID {
    operation(.reshape, [x], shape)
  }

  /// Adds a reshape to rows.
  public mutating func flatten(_ x: TensorID) -> TensorID {
    reshape(x, [shape(x)[0], shape(x).elementCount / shape(x)[0]])
  }

  /// Adds an operator that wants its image as [n, h, w, c].
  public mutating func onImage(
    _ kind: OperatorKind, _ x: TensorID, _ others: [TensorID] = [], _ result: Shape
  ) -> TensorID {
    let image = transpose(x, [0, 2, 3, 1])
    return transpose(operation(kind, [image] + others, result), [0, 3, 1, 2])
  }

  // MARK: Layers

  /// Adds a convolution, with random weights.
  public mutating func convolution(
    _ x: TensorID, _ channels: Int, kernel: Int = 1, stride: Int = 1, padding: Int = 0,
    groups: Int = 1, hasBias: Bool = false
  ) -> TensorID {
    let image = shape(x)
    let filter = constant([channels, kernel, kernel, image[1] / groups], in: -0.5...0.5)
    let (height, width) = (image[2] + 2 * padding - kernel, image[3] + 2 * padding - kernel)
    let kind = OperatorKind.conv2D(
      Conv2DAttributes(
        stride: Spatial(height: stride, width: stride), padding: Self.padding(padding),
        activation: .none, groups: groups))
    return onImage(
      kind, x, [filter] + (hasBias ? [constant([channels])] : []),
      [image[0], height / stride + 1, width / stride + 1, channels])
  }

  /// Adds a depthwise convolution that keeps the size, with random weights.
  public mutating func depthwise(_ x: TensorID, kernel: Int = 3, multiplier: Int = 1) -> TensorID {
    let image = shape(x)
    let channels = image[1] * multiplier
    let filter = constant([1, kernel, kernel, channels])
    let kind = OperatorKind.depthwiseConv2D(
      DepthwiseConv2DAttributes(
        stride: Spatial(height: 1, width: 1), padding: Self.padding(kernel / 2),
        activation: .none, depthMultiplier: multiplier))
    return onImage(kind, x, [filter], [image[0], image[2], image[3], channels])
  }

  /// Adds a batch normalization: a product and a sum.
  public mutating func normalization(_ x: TensorID) -> TensorID {
    let channels = Shape([shape(x)[1]] + [Int](repeating: 1, count: shape(x).rank - 2))
    let scaled = binary(.multiply(.none), x, constant(channels, in: 0.5...2))
    return add(scaled, constant(channels))
  }

  /// Adds a ReLU.
  public mutating func relu(_ x: TensorID) -> TensorID { unary(.relu, x) }

  /// Adds a function of single elements.
  public mutating func unary(_ function: UnaryFunction, _ x: TensorID) -> TensorID {
    operation(.unary(function), [x], shape(x))
  }

  /// Adds a sum.
  public mutating func add(_ a: TensorID, _ b: TensorID) -> TensorID {
    operation(.add(.none), [a, b], broadcast(a, b))
  }

  /// Adds a function of two operands.
  public mutating func binary(
    _ function: BinaryFunction, _ a: TensorID, _ b: TensorID
  ) -> TensorID {
    operation(.binary(function), [a, b], broadcast(a, b))
  }

  /// Joins along channels.
  public mutating func concatenate(_ parts: [TensorID]) -> TensorID {
    var result = shape(parts[0])
    result.dimensions[1] = parts.map { shape($0)[1] }.reduce(0, +)
    return operation(.concatenation(axis: 1), parts, result)
  }

  /// Adds a pool with a window as large as its stride.
  public mutating func pool(_ x: TensorID, size: Int, isAverage: Bool = false) -> TensorID {
    let image = shape(x)
    let attributes = Pool2DAttributes(
      window: Spatial(height: size, width: size), stride: Spatial(height: size, width: size),
      padding: .valid, activation: .none)
    return onImage(
      isAverage ? .averagePool2D(attributes) : .maxPool2D(attributes), x, [],
      [image[0], image[2] / size, image[3] / size, image[1]])
  }

  /// Adds a mean over rows and columns.
  public mutating func mean(_ x: TensorID, keepsDimensions: Bool = true) -> TensorID {
    let image = shape(x)
    return operation(
      .reduce(
        ReduceAttributes(function: .mean, axes: [2, 3], keepsDimensions: keepsDimensions)), [x],
      keepsDimensions ? [image[0], image[1], 1, 1] : [image[0], image[1]])
  }

  /// Adds a fully connected layer, with random weights.
  public mutating func dense(_ x: TensorID, _ units: Int, hasBias: Bool = true) -> TensorID {
    let length = shape(x).dimensions.last ?? 1
    return operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none)),
      [x, constant([units, length], in: -0.5...0.5)] + (hasBias ? [constant([units])] : []),
      [shape(x).elementCount / length, units])
  }

  /// Adds a softmax over the last dimension.
  public mutating func softmax(_ x: TensorID) -> TensorID {
    operation(.softmax(beta: 1), [x], shape(x))
  }

  /// Adds a shuffle of channels between groups.
  public mutating func shuffle(_ x: TensorID, groups: Int) -> TensorID {
    let image = shape(x)
    let split = reshape(x, [image[0], groups, image[1] / groups, image[2], image[3]])
    return reshape(transpose(split, [0, 2, 1, 3, 4]), image)
  }

  private func broadcast(_ a: TensorID, _ b: TensorID) -> Shape {
    shape(a).broadcast(with: shape(b)) ?? shape(a)
  }

  private static func padding(_ amount: Int) -> Padding {
    amount == 0
      ? .valid : .explicit(top: amount, bottom: amount, left: amount, right: amount)
  }
}
