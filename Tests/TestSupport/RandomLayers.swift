// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Graphs of unconnected int8 layers with random shapes, windows, scales and weights, each with an input
/// and an output of its own: what kernels of different sets must agree on.
public struct RandomLayers {
  private var random: SplitMix64
  private var tensors: [Tensor] = []
  private var operators: [Operator] = []
  private var inputs: [TensorID] = []
  private var outputs: [TensorID] = []

  /// A graph of `count` layers; the same for the same seed.
  public static func graph(seed: UInt64, count: Int) -> Graph {
    var layers = RandomLayers(random: SplitMix64(seed: seed))
    for _ in 0..<count { layers.add() }
    return Graph(
      name: "layers \(seed)", tensors: layers.tensors, operators: layers.operators,
      inputs: layers.inputs, outputs: layers.outputs)
  }

  /// Bytes for the graph's inputs; one in four is made of extremes only.
  public static func inputs(of graph: Graph, seed: UInt64) -> [[UInt8]] {
    var random = SplitMix64(seed: seed &+ 0x5EED)
    return graph.inputs.map { input in
      let extremes = random.int(0...3) == 0
      return (0..<graph[input].byteCount).map { _ in
        extremes ? [0x80, 0x81, 0, 0x7F][random.int(0...3)] : UInt8(random.int(0...255))
      }
    }
  }

  private mutating func add() {
    switch random.int(0...9) {
    case 0...3: convolution()
    case 4...6: depthwise()
    case 7: fullyConnected()
    case 8: sum()
    default: pool()
    }
  }

  // MARK: Layers

  private struct Window {
    var kernel: Spatial
    var stride: Spatial
    var dilation: Spatial
    var padding: Padding
    var input: Spatial
    var output: Spatial
  }

  private mutating func window(kernels: ClosedRange<Int>, dilated: Bool = true) -> Window {
    let usual = random.int(0...1) == 0
    let kernel =
      usual
      ? [Spatial(height: 1, width: 1), Spatial(height: 3, width: 3)][random.int(0...1)]
      : Spatial(height: random.int(kernels), width: random.int(kernels))
    let stride =
      random.int(0...2) > 0
      ? Spatial(height: 1, width: 1)
      : Spatial(height: random.int(1...3), width: random.int(1...3))
    let far = dilated && random.int(0...5) == 0
    let dilation = Spatial(
      height: far ? random.int(1...3) : 1, width: far ? random.int(1...3) : 1)
    let reach = Spatial(
      height: (kernel.height - 1) * dilation.height + 1,
      width: (kernel.width - 1) * dilation.width + 1)
    let isSame = random.int(0...2) > 0
    let least = isSame ? Spatial(height: 1, width: 1) : reach
    let input = Spatial(
      height: random.int(least.height...(least.height + 9)),
      width: random.int(least.width...(least.width + 9)))
    func size(_ input: Int, _ reach: Int, _ stride: Int) -> Int {
      isSame ? (input + stride - 1) / stride : (input - reach) / stride + 1
    }
    return Window(
      kernel: kernel, stride: stride, dilation: dilation, padding: isSame ? .same : .valid,
      input: input,
      output: Spatial(
        height: size(input.height, reach.height, stride.height),
        width: size(input.width, reach.width, stride.width)))
  }

  private mutating func channels() -> Int {
    [random.int(1...9), 4 * random.int(1...9), 16 * random.int(1...4), random.int(1...70)][
      random.int(0...3)]
  }

  private mutating func convolution() {
    let window = window(kernels: 1...5)
    let (from, to) = (channels(), channels())
    let batches = random.int(0...7) == 0 ? 2 : 1
    layer(
      .conv2D(
        Conv2DAttributes(
          stride: window.stride, dilation: window.dilation, padding: window.padding,
          activation: activation())),
      input: [batches, window.input.height, window.input.width, from],
      weights: [to, window.kernel.height, window.kernel.width, from], axis: 0,
      output: [batches, window.output.height, window.output.width, to])
  }

  private mutating func depthwise() {
    let window = window(kernels: 1...5)
    let from = channels()
    let multiplier = random.int(0...9) == 0 ? 2 : 1
    let batches = random.int(0...7) == 0 ? 2 : 1
    layer(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: window.stride, dilation: window.dilation, padding: window.padding,
          activation: activation(), depthMultiplier: multiplier)),
      input: [batches, window.input.height, window.input.width, from],
      weights: [1, window.kernel.height, window.kernel.width, from * multiplier], axis: 3,
      output: [batches, window.output.height, window.output.width, from * multiplier])
  }

  private mutating func fullyConnected() {
    let from = [random.int(1...40), 8 * random.int(1...40), random.int(1...700)][random.int(0...2)]
    let to = [random.int(1...9), random.int(1...140)][random.int(0...1)]
    let batches = random.int(0...3) == 0 ? random.int(2...3) : 1
    layer(
      .fullyConnected(FullyConnectedAttributes(activation: activation())), input: [batches, from],
      weights: [to, from], axis: random.int(0...1) == 0 ? 0 : nil, output: [batches, to])
  }

  private mutating func layer(
    _ kind: OperatorKind, input: Shape, weights: Shape, axis: Int?, output: Shape
  ) {
    let isDepthwise = axis == 3
    let perOutput = isDepthwise ? weights[1] * weights[2] : weights.elementCount / weights[0]
    let count = axis.map { weights[$0] } ?? 1
    let from = activation(input, isInput: true)
    let scales = (0..<count).map { _ in Float.random(in: 0.002...0.01, using: &random) }
    let largest = [127, 127, 60, 9][random.int(0...3)]
    // One layer in three is stored in four bits, where it gets smaller so.
    let runLength: Int? =
      isDepthwise || random.int(0...2) > 0 ? nil : [16, 32, 64, perOutput][random.int(0...3)]
    let filter = append(
      Tensor(
        name: "weights", shape: weights, elementType: .int8,
        quantization: QuantizationParameters(
          scales: scales, zeroPoints: [Int](repeating: 0, count: count), axis: axis ?? 0),
        constant: runLength.map { nibbles(rows: weights[0], perOutput, runLength: $0) }
          ?? (0..<weights.elementCount).map { _ in
            UInt8(bitPattern: Int8(random.int(-largest...largest)))
          }))
    let outputs = isDepthwise ? weights[3] : weights[0]
    // Sums of this size give outputs that fill the range without leaving it all the time.
    let spread = Float(perOutput).squareRoot() * Float(largest) * 43
    let scale = spread * 0.006 * 0.05 / Float(random.int(30...200))
    let bias = append(
      Tensor(
        name: "bias", shape: [outputs], elementType: .int32,
        quantization: QuantizationParameters(
          scales: scales.map { $0 * 0.05 }, zeroPoints: [Int](repeating: 0, count: count)),
        constant: (0..<outputs).flatMap { _ in
          let value = Int32(Float.random(in: -1...1, using: &random) * spread)
          return withUnsafeBytes(of: value.littleEndian, Array.init)
        }))
    let to = activation(output, scale: scale)
    apply(kind, [from, filter, bias], to)
  }

  /// Multiples of -8 ... 7, of one number for each run of a row.
  private mutating func nibbles(rows: Int, _ rowLength: Int, runLength: Int) -> [UInt8] {
    let extreme = random.int(0...3) == 0
    var weights: [UInt8] = []
    for _ in 0..<rows {
      var multiplier = 1
      for index in 0..<rowLength {
        if index.isMultiple(of: runLength) { multiplier = extreme ? 15 : random.int(1...15) }
        let quotient = extreme ? [-8, 7][random.int(0...1)] : random.int(-8...7)
        weights.append(UInt8(bitPattern: Int8(multiplier * quotient)))
      }
    }
    return weights
  }

  private mutating func sum() {
    let shape: Shape = [1, random.int(1...7), random.int(1...7), channels()]
    let a = activation(shape, isInput: true)
    let b = activation(shape, scale: Float.random(in: 0.01...0.1, using: &random), isInput: true)
    let to = activation(shape, scale: Float.random(in: 0.03...0.2, using: &random))
    apply(.add(activation()), [a, b], to)
  }

  private mutating func pool() {
    let window = window(kernels: 1...6, dilated: false)
    let depth = channels()
    let attributes = Pool2DAttributes(
      window: window.kernel, stride: window.stride, padding: window.padding, activation: .none)
    let from = activation([1, window.input.height, window.input.width, depth], isInput: true)
    let to = append(
      Tensor(
        name: "pooled", shape: [1, window.output.height, window.output.width, depth],
        elementType: .int8, quantization: tensors[from.index].quantization))
    outputs.append(to)
    apply(
      random.int(0...1) == 0 ? .averagePool2D(attributes) : .maxPool2D(attributes), [from], to,
      isOutput: false)
  }

  // MARK: Parts

  private mutating func activation() -> Activation {
    [.relu, .relu, .relu6, .none][random.int(0...3)]
  }

  private mutating func append(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }

  private mutating func activation(
    _ shape: Shape, scale: Float = 0.05, isInput: Bool = false
  ) -> TensorID {
    let id = append(
      Tensor(
        name: "t\(tensors.count)", shape: shape, elementType: .int8,
        quantization: QuantizationParameters(
          scale: scale, zeroPoint: [-128, -128, 0, random.int(-128...127)][random.int(0...3)])))
    if isInput { inputs.append(id) }
    return id
  }

  private mutating func apply(
    _ kind: OperatorKind, _ operands: [TensorID], _ output: TensorID, isOutput: Bool = true
  ) {
    if isOutput { outputs.append(output) }
    operators.append(
      Operator(
        kind: kind, name: "layer \(operators.count)", inputs: operands, outputs: [output],
        sourceIndices: [operators.count]))
  }
}

extension SplitMix64 {
  fileprivate mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }
}
