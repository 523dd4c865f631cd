// SPDX-License-Identifier: Apache-2.0

/// How running sums are taken.
public struct CumulativeSumAttributes: Hashable, Sendable {
  /// The dimension along which they run.
  public var axis: Int
  /// Whether an element is left out of its own sum.
  public var isExclusive: Bool
  /// Whether they run from the end to the beginning.
  public var isReverse: Bool

  /// Makes attributes.
  public init(axis: Int, isExclusive: Bool, isReverse: Bool) {
    self.axis = axis
    self.isExclusive = isExclusive
    self.isReverse = isReverse
  }
}
