// SPDX-License-Identifier: Apache-2.0

/// Attributes of a fully connected layer.
public struct FullyConnectedAttributes: Hashable, Sendable {
  /// Applied to the sums.
  public var activation: Activation
  /// Whether the output keeps the input's leading dimensions instead of being [rows, m].
  public var keepsDimensions: Bool

  /// Makes the attributes.
  public init(activation: Activation, keepsDimensions: Bool = false) {
    self.activation = activation
    self.keepsDimensions = keepsDimensions
  }
}
