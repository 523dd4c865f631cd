// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A box of a dense tensor, as one side of a ``BlockMove``: a corner, and a stride per dimension.
struct BoxSide {
  var start: Int
  var strides: [Int]

  /// The elements `begin[d] + i * step[d]` of a dense tensor.
  init(_ shape: Shape, begin: [Int], step: [Int]? = nil) {
    let dense = shape.strides
    start = zip(begin, dense).reduce(0) { $0 + $1.0 * $1.1 }
    strides = zip(dense, step ?? [Int](repeating: 1, count: dense.count)).map { $0 * $1 }
  }

  /// The elements of a dense tensor from its first one on.
  init(_ shape: Shape) { self.init(shape, begin: [Int](repeating: 0, count: shape.rank)) }
}
