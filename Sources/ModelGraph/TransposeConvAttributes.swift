// SPDX-License-Identifier: Apache-2.0

/// Attributes of a transposed convolution: the window slides over the output.
public struct TransposeConvAttributes: Hashable, Sendable {
  /// Rows and columns of the output between neighbours of the input.
  public var stride: Spatial
  /// How the convolution whose transpose this is pads the output's place.
  public var padding: Padding
  /// Applied to the result.
  public var activation: Activation
  /// Rows and columns of the output.
  public var outputSize: Spatial

  /// Makes the attributes.
  public init(stride: Spatial, padding: Padding, activation: Activation, outputSize: Spatial) {
    self.stride = stride
    self.padding = padding
    self.activation = activation
    self.outputSize = outputSize
  }
}
