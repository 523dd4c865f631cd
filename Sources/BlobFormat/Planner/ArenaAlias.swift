// SPDX-License-Identifier: Apache-2.0

/// Leave for two items to lie at the same offset although both are alive during one step.
public struct ArenaAlias: Sendable, Hashable {
  /// Whether the planner may decline.
  public enum Kind: Sendable, Hashable {
    /// Two names of the same bytes, such as a tensor and its reshaped view.
    case view
    /// A step that may write `target` over `source`. Used only where both have the same size and
    /// `source` is not needed after the step in which `target` begins.
    case inPlace
  }

  /// Index of the item that exists first.
  public var source: Int
  /// Index of the item that takes its place.
  public var target: Int
  /// Whether the planner may decline.
  public var kind: Kind

  /// Makes an alias of two items, given by their index.
  public init(source: Int, target: Int, kind: Kind) {
    self.source = source
    self.target = target
    self.kind = kind
  }
}
