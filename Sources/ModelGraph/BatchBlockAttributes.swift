// SPDX-License-Identifier: Apache-2.0

/// Attributes of the shuffles between space and batch. Lists have one entry per spatial dimension;
/// these are the ones behind the batch.
public struct BatchBlockAttributes: Hashable, Sendable {
  /// Sizes of a block, each at least 1.
  public var block: [Int]
  /// Elements of space added (to batch) or taken away (to space) in front, each at least 0.
  public var before: [Int]
  /// Elements of space added (to batch) or taken away (to space) behind, each at least 0.
  public var after: [Int]

  /// Makes the attributes.
  public init(block: [Int], before: [Int], after: [Int]) {
    self.block = block
    self.before = before
    self.after = after
  }
}
