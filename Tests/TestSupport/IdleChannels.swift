// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Networks many of whose channels have one value for every input, or are read with weights of 0 only, as
/// training leaves them behind.
public struct IdleChannels {
  private var random: SplitMix64
  private var tensors: [Tensor] = []
  private var operators: [Operator] = []

  /// An image network with depthwise layers, a shortcut, a pool and a fully connected layer; the same
  /// for the same seed.
  public static func network(seed: UInt64) -> Graph {
    var builder = IdleChannels(random: SplitMix64(seed: seed))
    return builder.network()
  }

  /// The same network in floats.
  public static func floatNetwork(seed: UInt64) -> Graph {
    var graph = network(seed: seed)
    for index in graph.tensors.indices {
      let tensor = graph.tensors[index]
      guard let quantization = tensor.quantization else { continue }
      if let constant = tensor.constant {
        let isBias = tensor.elementType == .int32
        let values = isBias ? tensor.integers ?? [] : constant.map { Int(Int8(bitPattern: $0)) }
        let last = tensor.shape.dimensions.last ?? 1
        let perChannel = quantization.axis == 0 ? values.count / quantization.scales.count : 1
        graph.tensors[index].constant = values.indices.flatMap { place in
          let channel = quantization.axis == 0 ? place / perChannel : place % last
          let scale = quantization.scales[channel] * (isBias ? activationScale : 1)
          return withUnsafeBytes(
            of: (Float(values[place]) * scale).bitPattern.littleEndian, Array.init)
        }
      }
      graph.tensors[index].elementType = .float32
      graph.tensors[index].quantization = nil
    }
    return graph
  }

  private static let activationScale: Float = 0.05

  private mutating func network() -> Graph {
    let widths = (0..<4).map { _ in Int.random(in: 5...40, using: &random) }
    let side = Int.random(in: 4...9, using: &random)
    let input = activation([1, side, side, 3])
    let first = convolution(input, side: side, from: 3, to: widths[0], kernel: 3)
    let second = depthwise(first, side: side, channels: widths[0])
    let third = convolution(second, side: side, from: widths[0], to: widths[1], kernel: 1)
    let fourth = convolution(
      third, side: side, from: widths[1], to: widths[1], kernel: Bool.random(using: &random) ? 3 : 1
    )
    let sum = activation([1, side, side, widths[1]])
    append(.add(.relu), [third, fourth], sum)
    let fifth = convolution(sum, side: side, from: widths[1], to: widths[2], kernel: 3)
    let means = Bool.random(using: &random)
    let pooled = activation([1, 1, 1, widths[2]], like: means ? nil : fifth)
    let all = Spatial(height: side, width: side)
    append(
      means
        ? .reduce(ReduceAttributes(function: .mean, axes: [1, 2], keepsDimensions: true))
        : .averagePool2D(
          Pool2DAttributes(window: all, stride: all, padding: .valid, activation: .none)),
      [fifth], pooled)
    let flat = activation([1, widths[2]], like: pooled)
    let shape = add(
      Tensor(
        name: "shape", shape: [2], elementType: .int32,
        constant: Self.bytes([1, Int32(widths[2])])))
    append(.reshape, [pooled, shape], flat)
    let hidden = fullyConnected(flat, from: widths[2], to: widths[3])
    let output = fullyConnected(hidden, from: widths[3], to: 4)
    return Graph(
      name: "idle channels", tensors: tensors, operators: operators, inputs: [input],
      outputs: [output])
  }

  // MARK: Layers

  private mutating func convolution(
    _ input: TensorID, side: Int, from: Int, to: Int, kernel: Int
  ) -> TensorID {
    let output = activation([1, side, side, to])
    let (filter, bias) = constants(rows: to, taps: kernel * kernel, columns: from)
    let weights = add(
      Tensor(
        name: "weights", shape: [to, kernel, kernel, from], elementType: .int8,
        quantization: scales(to, axis: 0), constant: filter))
    append(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1), padding: .same, activation: .relu)),
      [input, weights, bias], output)
    return output
  }

  private mutating func depthwise(_ input: TensorID, side: Int, channels: Int) -> TensorID {
    let output = activation([1, side, side, channels])
    let (rows, bias) = constants(rows: channels, taps: 9, columns: 1)
    let filter = (0..<9).flatMap { tap in (0..<channels).map { rows[$0 * 9 + tap] } }
    let weights = add(
      Tensor(
        name: "weights", shape: [1, 3, 3, channels], elementType: .int8,
        quantization: scales(channels, axis: 3), constant: filter))
    append(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: Spatial(height: 1, width: 1), padding: .same, activation: .relu,
          depthMultiplier: 1)),
      [input, weights, bias], output)
    return output
  }

  private mutating func fullyConnected(_ input: TensorID, from: Int, to: Int) -> TensorID {
    let output = activation([1, to])
    let (filter, bias) = constants(rows: to, taps: 1, columns: from)
    let weights = add(
      Tensor(
        name: "weights", shape: [to, from], elementType: .int8, quantization: scales(to, axis: 0),
        constant: filter))
    append(
      .fullyConnected(FullyConnectedAttributes(activation: .relu)), [input, weights, bias], output)
    return output
  }

  /// Weights, output by output, and the bias.
  private mutating func constants(
    rows: Int, taps: Int, columns: Int
  ) -> (filter: [UInt8], bias: TensorID) {
    let unread = (0..<columns).map { _ in Int.random(in: 0...3, using: &random) == 0 }
    var filter: [UInt8] = []
    var bias: [Int32] = []
    for _ in 0..<rows {
      let isIdle = Int.random(in: 0...1, using: &random) == 0
      // What ReLU cuts off, and what it leaves.
      bias.append(Int32.random(in: isIdle ? -4000...4000 : -500...1500, using: &random))
      for _ in 0..<taps {
        for column in 0..<columns {
          let isZero = isIdle || columns > 3 && unread[column]
          filter.append(
            isZero ? 0 : UInt8(bitPattern: Int8.random(in: -60...60, using: &random)))
        }
      }
    }
    let tensor = add(
      Tensor(
        name: "bias", shape: [rows], elementType: .int32, quantization: scales(rows, axis: 0),
        constant: Self.bytes(bias)))
    return (filter, tensor)
  }

  // MARK: Parts

  private func scales(_ count: Int, axis: Int) -> QuantizationParameters {
    QuantizationParameters(
      scales: (0..<count).map { 0.01 + 0.0001 * Float($0) },
      zeroPoints: [Int](repeating: 0, count: count), axis: axis)
  }

  private static func bytes(_ values: [Int32]) -> [UInt8] {
    values.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
  }

  private mutating func activation(_ shape: Shape, like other: TensorID? = nil) -> TensorID {
    let own = QuantizationParameters(
      scale: Self.activationScale, zeroPoint: Bool.random(using: &random) ? -128 : -100)
    return add(
      Tensor(
        name: "t\(tensors.count)", shape: shape, elementType: .int8,
        quantization: other.flatMap { tensors[$0.index].quantization } ?? own))
  }

  private mutating func add(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }

  private mutating func append(_ kind: OperatorKind, _ inputs: [TensorID], _ output: TensorID) {
    operators.append(
      Operator(
        kind: kind, name: "layer \(operators.count)", inputs: inputs, outputs: [output],
        sourceIndices: [operators.count]))
  }
}
