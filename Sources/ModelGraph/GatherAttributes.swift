// SPDX-License-Identifier: Apache-2.0

/// Attributes of a gather: which slices of the input it takes.
///
/// The dimensions `axis ..< axis + axisCount` count as one, whose elements are numbered in order
/// (last dimension fastest). The result has the input's dimensions in front of `axis`, then
/// `indexShape` without its first `batchDimensions`, then the input's dimensions behind.
public struct GatherAttributes: Hashable, Sendable {
  /// The first dimension that indices stand for.
  public var axis: Int
  /// How many dimensions one index stands for, at least 1.
  public var axisCount: Int
  /// How many dimensions indices and input have in common, in front: each combination has indices of
  /// its own. At most `axis`.
  public var batchDimensions: Int
  /// The indices, each from 0.
  public var indices: [Int]
  /// The dimensions of the indices.
  public var indexShape: Shape

  /// Makes the attributes.
  public init(
    axis: Int, axisCount: Int = 1, batchDimensions: Int = 0, indices: [Int], indexShape: Shape
  ) {
    self.axis = axis
    self.axisCount = axisCount
    self.batchDimensions = batchDimensions
    self.indices = indices
    self.indexShape = indexShape
  }
}
