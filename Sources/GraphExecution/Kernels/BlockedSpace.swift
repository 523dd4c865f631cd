// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How the blocks of [block..., n] batches of small space correspond to those of n batches of space. A
/// block is what lies behind the dimensions of space.
struct BlockedSpace {
  private let attributes: BatchBlockAttributes
  private let plain: Shape
  /// The small space's dimensions as block..., n, space...
  private let shape: Shape

  init(_ attributes: BatchBlockAttributes, batched: Shape, plain: Shape) {
    self.attributes = attributes
    self.plain = plain
    let rank = attributes.block.count
    shape = Shape(attributes.block + [plain[0]] + batched.dimensions[1...rank])
  }

  /// All blocks of the batched tensor in order, by their indices block..., n, space...
  var positions: [[Int]] {
    let steps = shape.elementSteps
    return (0..<shape.elementCount).map { block in
      shape.dimensions.indices.map { block / steps[$0] % shape[$0] }
    }
  }

  /// The block of the plain tensor that belongs to a position; `nil` in padding or crops.
  func plainBlock(_ position: [Int]) -> Int? {
    let rank = attributes.block.count
    var result = position[rank]
    for axis in 0..<rank {
      let place =
        position[rank + 1 + axis] * attributes.block[axis] + position[axis]
        - attributes.before[axis]
      guard (0..<plain[axis + 1]).contains(place) else { return nil }
      result = result * plain[axis + 1] + place
    }
    return result
  }
}
