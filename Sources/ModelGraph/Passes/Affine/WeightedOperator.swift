// SPDX-License-Identifier: Apache-2.0

/// A convolution or product with constant float32 weights, and how its channels lie in them.
struct WeightedOperator {
  /// Input or output channels, and where they are.
  struct Channels {
    /// How many there are.
    var count: Int
    /// For each weight, in the order of its bytes, the channel it belongs to.
    var ofWeight: [Int]
  }

  private(set) var operation: Operator
  private let shape: Shape
  private(set) var weights: [Float]

  /// `nil` for every other operator.
  init?(_ operation: Operator, _ editor: GraphEditor) {
    switch operation.kind {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .transposeConv: break
    default: return nil
    }
    guard operation.inputs.count >= 2, let id = operation.inputs[1],
      let weights = editor.floats(id), operation.outputs.count == 1
    else { return nil }
    self.operation = operation
    self.weights = weights
    shape = editor[id].shape
  }

  /// The channels of the output.
  var outputs: Channels {
    if case .depthwiseConv2D = operation.kind {
      let count = shape[3]
      return Channels(count: count, ofWeight: weights.indices.map { $0 % count })
    }
    let size = weights.count / shape[0]
    return Channels(count: shape[0], ofWeight: weights.indices.map { $0 / size })
  }

  /// The channels of the input, along its last dimension.
  var inputs: Channels {
    switch operation.kind {
    case .depthwiseConv2D(let attributes):
      let count = shape[3]
      return Channels(
        count: count / attributes.depthMultiplier,
        ofWeight: weights.indices.map { $0 % count / attributes.depthMultiplier })
    case .conv2D(let attributes):
      let inner = shape[3]
      let filterSize = weights.count / shape[0]
      let filtersOfGroup = shape[0] / attributes.groups
      return Channels(
        count: inner * attributes.groups,
        ofWeight: weights.indices.map { $0 / filterSize / filtersOfGroup * inner + $0 % inner })
    default:
      let inner = shape.dimensions.last ?? 1
      return Channels(count: inner, ofWeight: weights.indices.map { $0 % inner })
    }
  }

  /// The bias, zeros if there is none; `nil` if it is not constant.
  func bias(_ editor: GraphEditor) -> [Float]? {
    guard operation.inputs.count > 2, let id = operation.inputs[2] else {
      return [Float](repeating: 0, count: outputs.count)
    }
    return editor.floats(id)
  }

  /// Whether its windows never reach out of the image. Transposed convolutions answer `false`: their
  /// windows may leave places of the output untouched.
  func hasNoPadding(_ editor: GraphEditor) -> Bool {
    guard let input = operation.inputs[0] else { return false }
    switch operation.kind {
    case .fullyConnected: return true
    case .conv2D(let attributes):
      return isZero(attributes.padding, attributes.stride, attributes.dilation, editor[input].shape)
    case .depthwiseConv2D(let attributes):
      return isZero(attributes.padding, attributes.stride, attributes.dilation, editor[input].shape)
    default: return false
    }
  }

  private func isZero(
    _ padding: Padding, _ stride: Spatial, _ dilation: Spatial, _ image: Shape
  ) -> Bool {
    PaddingAmounts(
      padding, input: image.imageSize, kernel: shape.imageSize, stride: stride, dilation: dilation)
      == PaddingAmounts(.valid, input: image.imageSize, kernel: shape.imageSize, stride: stride)
  }

  /// The operator with other weights and another bias, which become constants of the graph.
  func with(weights: [Float], bias: [Float], _ editor: inout GraphEditor) -> [TensorID?] {
    let name = operation.inputs[1].map { editor[$0].name } ?? operation.name
    let biasName = operation.inputs.count > 2
      ? operation.inputs[2].map { editor[$0].name } : nil
    return [
      operation.inputs[0], editor.constant(weights, shape, name: name),
      editor.constant(bias, [bias.count], name: biasName ?? operation.name + "/bias"),
    ]
  }
}
