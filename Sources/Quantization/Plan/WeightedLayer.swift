// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// An operator that multiplies activations by constant weights, as a matrix with one row per output
/// channel.
struct WeightedLayer: Sendable {
  /// How the weights lie in the filter tensor.
  enum Form: Sendable {
    /// [cOut, kh, kw, cIn / groups]
    case convolution(Conv2DAttributes)
    /// [1, kh, kw, cOut]
    case depthwise(DepthwiseConv2DAttributes)
    /// [cOut, inputs]
    case fullyConnected(FullyConnectedAttributes)
    /// [cOut, kh, kw, cIn]
    case transposed(TransposeConvAttributes)
  }

  /// The operator's place in the prepared graph.
  var index: Int
  var form: Form
  var input: TensorID
  var filter: TensorID
  var bias: TensorID
  var output: TensorID
  /// Output channels.
  var rows: Int
  /// Weights of one output channel.
  var columns: Int

  /// The dimension of the filter along which scales run.
  var scaleAxis: Int {
    if case .depthwise = form { 3 } else { 0 }
  }

  /// How many runs of rows see inputs of their own.
  var groups: Int {
    switch form {
    case .convolution(let attributes): attributes.groups
    case .depthwise(let attributes): rows / attributes.depthMultiplier
    case .fullyConnected, .transposed: 1
    }
  }

  /// The fused activation.
  var activation: Activation {
    switch form {
    case .convolution(let attributes): attributes.activation
    case .depthwise(let attributes): attributes.activation
    case .fullyConnected(let attributes): attributes.activation
    case .transposed(let attributes): attributes.activation
    }
  }

  /// Elements in the order of the filter tensor, row by row.
  func matrix<Element>(_ stored: [Element]) -> [Element] {
    guard case .depthwise = form else { return stored }
    return (0..<rows).flatMap { row in
      stride(from: row, to: stored.count, by: rows).map { stored[$0] }
    }
  }

  /// The inverse of ``matrix(_:)``.
  func stored<Element>(_ matrix: [Element]) -> [Element] {
    guard case .depthwise = form else { return matrix }
    return (0..<columns).flatMap { column in
      stride(from: column, to: matrix.count, by: columns).map { matrix[$0] }
    }
  }
}
