// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Small legal graphs that together have every operator.
public enum SampleGraphs {
  /// All of them, with names for test reports.
  public static let all: [Graph] = [
    convolutional(type: .int8), convolutional(type: .float32), perceptron, maxPooling,
  ]

  /// A residual network for 6x5 images with 2 channels: CONV_2D, DEPTHWISE_CONV_2D, ADD,
  /// AVERAGE_POOL_2D, RESHAPE, FULLY_CONNECTED and SOFTMAX, in int8 or float32.
  public static func convolutional(type: ElementType) -> Graph {
    var draft = GraphDraft(name: "convolutional-\(type.rawValue)", type: type)
    let image = draft.input([1, 6, 5, 2])
    let narrow = Spatial(height: 1, width: 1)
    let a = draft.operation(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 2, width: 1), padding: .same, activation: .relu)),
      [image, draft.weights([4, 3, 3, 2], axis: 0), draft.bias(4)], output: [1, 3, 5, 4])
    let b = draft.operation(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: narrow, padding: .same, activation: .relu6, depthMultiplier: 1)),
      [a, draft.weights([1, 3, 3, 4], axis: 3), draft.bias(4)], output: [1, 3, 5, 4])
    let c = draft.operation(.add(.none), [a, b], output: [1, 3, 5, 4])
    let d = draft.operation(
      .averagePool2D(
        Pool2DAttributes(
          window: Spatial(height: 3, width: 5), stride: Spatial(height: 3, width: 5),
          padding: .valid, activation: .none)),
      [c], output: [1, 1, 1, 4])
    let e = draft.operation(.reshape, [d, draft.shapeConstant([-1, 4])], output: [1, 4])
    let f = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none)),
      [e, draft.weights([3, 4], axis: nil), draft.bias(3)], output: [1, 3])
    let g = draft.softmax(f, [1, 3])
    return draft.graph(inputs: [image], outputs: [g])
  }

  /// float32 in and out around int8: QUANTIZE, FULLY_CONNECTED that keeps its dimensions and has
  /// scales per channel and no bias, DEQUANTIZE.
  public static let perceptron: Graph = {
    var draft = GraphDraft(name: "perceptron", type: .int8)
    let reals = draft.tensor([2, 1, 6], type: .float32)
    let a = draft.operation(.quantize, [reals], output: [2, 1, 6])
    let b = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .relu, keepsDimensions: true)),
      [a, draft.weights([3, 6], axis: 0), nil], output: [2, 1, 3])
    let c = draft.tensor([2, 1, 3], type: .float32)
    draft.append(.dequantize, [b], [c])
    return draft.graph(inputs: [reals], outputs: [c])
  }()

  /// Two inputs, broadcast and pooled: ADD, MAX_POOL_2D, a dilated CONV_2D in two groups.
  public static let maxPooling: Graph = {
    var draft = GraphDraft(name: "max-pooling", type: .int8)
    let image = draft.input([1, 8, 8, 4])
    let offsets = draft.input([4])
    let a = draft.operation(.add(.reluN1To1), [image, offsets], output: [1, 8, 8, 4])
    let b = draft.operation(
      .maxPool2D(
        Pool2DAttributes(
          window: Spatial(height: 2, width: 3), stride: Spatial(height: 2, width: 2),
          padding: .same, activation: .none)),
      [a], output: [1, 4, 4, 4])
    let c = draft.operation(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1), dilation: Spatial(height: 3, width: 1),
          padding: .valid, activation: .none, groups: 2)),
      [b, draft.weights([6, 2, 2, 2], axis: 0), draft.bias(6)], output: [1, 1, 3, 6])
    return draft.graph(inputs: [image, offsets], outputs: [c])
  }()
}
