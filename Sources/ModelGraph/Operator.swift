// SPDX-License-Identifier: Apache-2.0

/// One operation of a graph.
public struct Operator: Sendable {
  /// What it computes, with its attributes.
  public var kind: OperatorKind
  /// A name for messages: that of the first output unless the model gives a better one.
  public var name: String
  /// Operands in the order of ``OperatorKind``; `nil` where an optional one is left out.
  public var inputs: [TensorID?]
  /// Results.
  public var outputs: [TensorID]
  /// The operators of the model file that this one stands for, by their position there.
  public var sourceIndices: [Int]

  /// Makes an operator.
  public init(
    kind: OperatorKind, name: String, inputs: [TensorID?], outputs: [TensorID], sourceIndices: [Int]
  ) {
    self.kind = kind
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.sourceIndices = sourceIndices
  }
}

/// What an operator computes. Shapes are given outermost dimension first; n is the batch.
public enum OperatorKind: Hashable, Sendable {
  /// Inputs: image [n, h, w, cIn], filter [cOut, kh, kw, cIn / groups], bias [cOut] or none.
  case conv2D(Conv2DAttributes)
  /// Inputs: image [n, h, w, cIn], filter [1, kh, kw, cIn * multiplier], bias or none.
  case depthwiseConv2D(DepthwiseConv2DAttributes)
  /// Inputs: rows [..., k], weights [m, k], bias [m] or none.
  case fullyConnected(FullyConnectedAttributes)
  /// Inputs: two tensors that broadcast to one shape.
  case add(Activation)
  /// Input: image [n, h, w, c]. Elements outside the image do not count.
  case averagePool2D(Pool2DAttributes)
  /// Input: image [n, h, w, c].
  case maxPool2D(Pool2DAttributes)
  /// Input: any tensor; over its last dimension, after scaling by `beta`.
  case softmax(beta: Float)
  /// Inputs: any tensor, and the new shape as int32 constant or none. The output's shape rules.
  case reshape
  /// Input: float32 or integers; output: quantized integers.
  case quantize
  /// Input: quantized integers; output: float32.
  case dequantize

  /// The field's name for it, as JSON and tables show it: `conv2d`.
  public var label: String {
    switch self {
    case .conv2D: "conv2d"
    case .depthwiseConv2D: "depthwise_conv2d"
    case .fullyConnected: "fully_connected"
    case .add: "add"
    case .averagePool2D: "average_pool2d"
    case .maxPool2D: "max_pool2d"
    case .softmax: "softmax"
    case .reshape: "reshape"
    case .quantize: "quantize"
    case .dequantize: "dequantize"
    }
  }
}

/// An activation fused into an operator.
public enum Activation: String, Hashable, Sendable, Codable {
  case none, relu, relu6, reluN1To1

  /// The interval to which it limits reals; `nil` where it does not.
  public var bounds: (lower: Float?, upper: Float?) {
    switch self {
    case .none: (nil, nil)
    case .relu: (0, nil)
    case .relu6: (0, 6)
    case .reluN1To1: (-1, 1)
    }
  }
}

/// Rows and columns added around an image.
public enum Padding: Hashable, Sendable {
  /// As many as keep `out = ceil(in / stride)`, the odd one after the image (TFLite SAME).
  case same
  /// None.
  case valid
  /// Stated amounts.
  case explicit(top: Int, bottom: Int, left: Int, right: Int)
}

/// A pair of numbers along height and width.
public struct Spatial: Hashable, Sendable {
  /// Along the height, in rows.
  public var height: Int
  /// Along the width, in columns.
  public var width: Int

  /// Makes a pair.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// Attributes of a two-dimensional convolution.
public struct Conv2DAttributes: Hashable, Sendable {
  public var stride: Spatial
  public var dilation: Spatial
  public var padding: Padding
  public var activation: Activation
  /// Divides input and output channels; 1 for an ordinary convolution.
  public var groups: Int

  /// Makes the attributes.
  public init(
    stride: Spatial, dilation: Spatial = Spatial(height: 1, width: 1), padding: Padding,
    activation: Activation, groups: Int = 1
  ) {
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.activation = activation
    self.groups = groups
  }
}

/// Attributes of a depthwise convolution.
public struct DepthwiseConv2DAttributes: Hashable, Sendable {
  public var stride: Spatial
  public var dilation: Spatial
  public var padding: Padding
  public var activation: Activation
  /// Output channels per input channel.
  public var depthMultiplier: Int

  /// Makes the attributes.
  public init(
    stride: Spatial, dilation: Spatial = Spatial(height: 1, width: 1), padding: Padding,
    activation: Activation, depthMultiplier: Int
  ) {
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.activation = activation
    self.depthMultiplier = depthMultiplier
  }
}

/// Attributes of a fully connected layer.
public struct FullyConnectedAttributes: Hashable, Sendable {
  public var activation: Activation
  /// Whether the output keeps the input's leading dimensions instead of being [rows, m].
  public var keepsDimensions: Bool

  /// Makes the attributes.
  public init(activation: Activation, keepsDimensions: Bool = false) {
    self.activation = activation
    self.keepsDimensions = keepsDimensions
  }
}

/// Attributes of a pooling operator.
public struct Pool2DAttributes: Hashable, Sendable {
  public var window: Spatial
  public var stride: Spatial
  public var padding: Padding
  public var activation: Activation

  /// Makes the attributes.
  public init(window: Spatial, stride: Spatial, padding: Padding, activation: Activation) {
    self.window = window
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }
}
