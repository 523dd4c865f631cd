// SPDX-License-Identifier: Apache-2.0

/// Attributes of a two-dimensional convolution.
public struct Conv2DAttributes: Hashable, Sendable {
  /// Steps of the window, in rows and columns; each at least 1.
  public var stride: Spatial
  /// Distance between neighbouring filter taps, in rows and columns; each at least 1.
  public var dilation: Spatial
  /// Rows and columns added around the image; they hold the real 0.
  public var padding: Padding
  /// Applied to the sums.
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
