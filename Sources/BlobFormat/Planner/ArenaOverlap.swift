// SPDX-License-Identifier: Apache-2.0

/// Leave for two items to share bytes although both are alive during some step.
///
/// Without one, items that are alive together lie apart: the one whose offset is higher begins where the
/// other one ends, or behind. Lists of overlaps speak of pairs; what they do not name lies apart.
public struct ArenaOverlap: Sendable, Hashable {
  /// Index of an item.
  public var first: Int
  /// Index of another item.
  public var second: Int
  /// `first` may begin this many bytes behind the beginning of `second`, or more; `nil`: behind its end.
  public var firstBehind: Int?
  /// `second` may begin this many bytes behind the beginning of `first`, or more; `nil`: behind its end.
  public var secondBehind: Int?
  /// Whether both may lie at one offset, whatever the distances say.
  public var allowsSameOffset: Bool

  /// Makes leave for two items, given by their index.
  public init(
    _ first: Int, _ second: Int, firstBehind: Int? = nil, secondBehind: Int? = nil,
    allowsSameOffset: Bool = false
  ) {
    self.first = first
    self.second = second
    self.firstBehind = firstBehind
    self.secondBehind = secondBehind
    self.allowsSameOffset = allowsSameOffset
  }
}
