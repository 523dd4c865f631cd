// SPDX-License-Identifier: Apache-2.0

/// Along which dimension the place of an extreme is looked for.
public struct ArgMaxAttributes: Hashable, Sendable {
  /// The dimension, which disappears.
  public var axis: Int
  /// Whether the place of the smallest element is wanted instead of that of the largest.
  public var findsMinimum: Bool

  /// Makes attributes.
  public init(axis: Int, findsMinimum: Bool) {
    self.axis = axis
    self.findsMinimum = findsMinimum
  }
}
