// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport

/// Networks of convolutions, depthwise convolutions, pools, sums and shortcuts over images whose rows are
/// multiples of 16 bytes: the same for the same seed.
struct ImageGraph {
  private var tensors: [Tensor] = []
  private var operators: [Operator] = []
  private var random: SplitMix64
  private var images: [TensorID] = []

  static func make(seed: UInt64) -> Graph {
    var network = ImageGraph(random: SplitMix64(seed: seed))
    return network.build()
  }

  private mutating func build() -> Graph {
    let height = 5 + below(16)
    let input = image([1, height, 4 * (1 + below(3)), 4 * (1 + below(3))])
    images = [input]
    for _ in 0..<(3 + below(7)) { grow() }
    var outputs = [images[images.count - 1]]
    let earlier = images[below(images.count)]
    if below(4) == 0, earlier != input, earlier != outputs[0] { outputs.append(earlier) }
    return Graph(
      name: "images", tensors: tensors, operators: operators, inputs: [input], outputs: outputs,
      labels: [])
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  private mutating func image(_ shape: [Int]) -> TensorID {
    tensors.append(
      Tensor(
        name: "t\(tensors.count)", shape: Shape(shape), elementType: .int8,
        quantization: QuantizationParameters(
          scale: [0.5, 0.3, 0.7][below(3)], zeroPoint: below(9) - 4)))
    return TensorID(tensors.count - 1)
  }

  private mutating func weights(_ shape: [Int], axis: Int) -> TensorID {
    let values = (0..<shape.reduce(1, *)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    tensors.append(
      Tensor(
        name: "w\(tensors.count)", shape: Shape(shape), elementType: .int8,
        quantization: QuantizationParameters(scales: [0.01], zeroPoints: [0], axis: axis),
        constant: values))
    return TensorID(tensors.count - 1)
  }

  private mutating func apply(_ kind: OperatorKind, _ inputs: [TensorID?], _ output: TensorID) {
    operators.append(
      Operator(
        kind: kind, name: tensors[output.index].name, inputs: inputs, outputs: [output],
        sourceIndices: [operators.count]))
    images.append(output)
  }

  private mutating func grow() {
    // The latest image as a rule: chains are what bands are for.
    let source = below(4) == 0 ? images[below(images.count)] : images[images.count - 1]
    let shape = tensors[source.index].shape.dimensions
    let stride = below(4) == 0 ? 2 : 1
    let kernel = [1, 3, 3, 5][below(4)]
    let size = [1, (shape[1] + stride - 1) / stride, (shape[2] + stride - 1) / stride, shape[3]]
    let spatial = Spatial(height: stride, width: stride)
    switch below(7) {
    case 0, 1, 2:
      let channels = 4 * (1 + below(4))
      let filter = weights([channels, kernel, kernel, shape[3]], axis: 0)
      let output = image([1, size[1], size[2], channels])
      apply(
        .conv2D(Conv2DAttributes(stride: spatial, padding: .same, activation: .relu)),
        [source, filter, nil], output)
    case 3, 4:
      let filter = weights([1, kernel, kernel, shape[3]], axis: 3)
      let output = image(size)
      apply(
        .depthwiseConv2D(
          DepthwiseConv2DAttributes(
            stride: spatial, padding: .same, activation: .none, depthMultiplier: 1)),
        [source, filter, nil], output)
    case 5:
      let others = images.filter { tensors[$0.index].shape == tensors[source.index].shape }
      let other = others[below(others.count)]
      apply(.add(.relu), [source, other], image(shape))
    default:
      let output = image(size)
      tensors[output.index].quantization = tensors[source.index].quantization
      apply(
        .maxPool2D(
          Pool2DAttributes(
            window: Spatial(height: kernel, width: kernel), stride: spatial, padding: .same,
            activation: .none)), [source], output)
    }
  }
}
