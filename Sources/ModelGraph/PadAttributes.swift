// SPDX-License-Identifier: Apache-2.0

/// Attributes of a padding: how many elements are added around a tensor, and which.
public struct PadAttributes: Hashable, Sendable {
  /// What the added elements are.
  public enum Content: Hashable, Sendable {
    /// The real 0: the output's zero point, or 0 where it has none.
    case zero
    /// One value: the bytes of an element, little-endian.
    case element([UInt8])
    /// The tensor mirrored at its first and last elements, which are not repeated.
    case reflection
    /// The tensor mirrored at its edges: the first and last elements are repeated.
    case symmetry
  }

  /// Elements in front of the tensor, one number per dimension, each at least 0.
  public var before: [Int]
  /// Elements behind the tensor, one number per dimension, each at least 0.
  public var after: [Int]
  /// What the added elements are.
  public var content: Content

  /// Makes the attributes.
  public init(before: [Int], after: [Int], content: Content = .zero) {
    self.before = before
    self.after = after
    self.content = content
  }
}
