// SPDX-License-Identifier: Apache-2.0

/// What a reduction computes, and along which dimensions.
public struct ReduceAttributes: Hashable, Sendable {
  /// What becomes of the elements.
  public enum Function: String, Hashable, Sendable, CaseIterable {
    /// Their mean.
    case mean
    /// Their sum.
    case sum
    /// The largest of them.
    case maximum = "reduce_max"
    /// The smallest of them.
    case minimum = "reduce_min"
  }

  /// What becomes of the elements.
  public var function: Function
  /// The dimensions that disappear, ascending, each once.
  public var axes: [Int]
  /// Whether they stay as dimensions of 1.
  public var keepsDimensions: Bool

  /// Makes attributes.
  public init(function: Function, axes: [Int], keepsDimensions: Bool) {
    self.function = function
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }
}
