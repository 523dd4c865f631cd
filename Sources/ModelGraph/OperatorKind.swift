// SPDX-License-Identifier: Apache-2.0

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
  /// Input: any tensor; over its last dimension.
  case logSoftmax
  /// Input: any tensor, of which some dimensions are reduced to one element.
  case reduce(ReduceAttributes)
  /// Input: any tensor; output: the index of the first largest or smallest element along a dimension.
  case argMax(ArgMaxAttributes)
  /// Input: any tensor; each vector along the last dimension is divided by its Euclidean length.
  case l2Normalization
  /// Input: image [n, h, w, c]. The output's shape rules.
  case resizeBilinear(ResizeBilinearAttributes)
  /// Input: any tensor, whose running sums along one dimension are taken.
  case cumulativeSum(CumulativeSumAttributes)
  /// Inputs: any tensor, and the new shape as int32 constant or none. The output's shape rules.
  case reshape
  /// Input: float32 or integers; output: quantized integers.
  case quantize
  /// Input: quantized integers; output: float32.
  case dequantize
  /// Inputs: one or more tensors that differ along `axis` only, which are joined along it.
  case concatenation(axis: Int)
  /// Input: any tensor, of which a regular part is taken.
  case slice(SliceAttributes)

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
    case .logSoftmax: "log_softmax"
    case .reduce(let attributes): attributes.function.rawValue
    case .argMax(let attributes): attributes.findsMinimum ? "arg_min" : "arg_max"
    case .l2Normalization: "l2_normalization"
    case .resizeBilinear: "resize_bilinear"
    case .cumulativeSum: "cumsum"
    case .reshape: "reshape"
    case .quantize: "quantize"
    case .dequantize: "dequantize"
    case .concatenation: "concatenation"
    case .slice: "slice"
    }
  }

  /// The most operands of a kind with any number of them.
  static let variableOperandLimit = 4096
}
