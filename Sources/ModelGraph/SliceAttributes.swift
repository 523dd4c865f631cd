// SPDX-License-Identifier: Apache-2.0

/// Attributes of a slice: which elements of the input it takes, every number resolved.
///
/// Along dimension d the result's element i is the input's element `begin[d] + i * stride[d]`, for i
/// below `size[d]`. Each list has one entry per dimension of the input.
public struct SliceAttributes: Hashable, Sendable {
  /// The first element taken, from 0.
  public var begin: [Int]
  /// How many elements are taken, at least 1.
  public var size: [Int]
  /// Steps between taken elements; negative ones go backwards, 0 never occurs.
  public var stride: [Int]
  /// Dimensions of the input, ascending, that the result does not have; their size is 1.
  public var droppedAxes: [Int]

  /// Makes the attributes.
  public init(begin: [Int], size: [Int], stride: [Int], droppedAxes: [Int] = []) {
    self.begin = begin
    self.size = size
    self.stride = stride
    self.droppedAxes = droppedAxes
  }

  /// Makes the attributes of a slice without gaps.
  public init(begin: [Int], size: [Int]) {
    self.init(begin: begin, size: size, stride: [Int](repeating: 1, count: begin.count))
  }
}
