// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One dimension of a tensor between those in front of it and those behind.
struct AxisWalk: Sendable {
  /// Elements of the dimensions in front.
  let outer: Int
  /// Elements of the dimension.
  let extent: Int
  /// Elements of the dimensions behind, which is the distance of neighbours.
  let inner: Int

  init(_ shape: Shape, axis: Int) {
    outer = shape.dimensions[..<axis].reduce(1, *)
    extent = shape[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
  }
}
