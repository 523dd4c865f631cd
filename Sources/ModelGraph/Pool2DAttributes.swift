// SPDX-License-Identifier: Apache-2.0

/// Attributes of a pooling operator.
public struct Pool2DAttributes: Hashable, Sendable {
  /// Size of the window, in rows and columns; each at least 1.
  public var window: Spatial
  /// Steps of the window, in rows and columns; each at least 1.
  public var stride: Spatial
  /// Rows and columns added around the image; they do not count.
  public var padding: Padding
  /// Applied to the results.
  public var activation: Activation

  /// Makes the attributes.
  public init(window: Spatial, stride: Spatial, padding: Padding, activation: Activation) {
    self.window = window
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }
}
