// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Scales of which each stands for a block of neighbours along one dimension.
struct ONNXScaleBlocks {
  /// The dimensions of the scales.
  let dimensions: [Int]
  /// Elements of a block along ``axis``.
  private let size: Int
  private let axis: Int

  /// Reads what a node says; `nil` if its scales do not stand for blocks.
  init?(
    _ context: ONNXOperatorContext, _ dimensions: [Int], axis: Int
  ) throws(ONNXProblem) {
    let size = try context.attributes.integer("block_size") ?? 0
    guard dimensions.count > 1 || size != 0 else { return nil }
    guard size > 0 else {
      throw .damaged("its scales are \(dimensions), but block_size is \(size)")
    }
    self.dimensions = dimensions
    self.size = size
    self.axis = try context.axis(axis, rank: dimensions.count)
  }

  /// For each element of a tensor of these dimensions, the place of its scale.
  func places(of tensor: [Int]) throws(ONNXProblem) -> [Int] {
    let fits =
      tensor.count == dimensions.count
      && tensor.indices.allSatisfy { index in
        index == axis
          ? (tensor[index] - 1) / size + 1 == dimensions[index]
          : tensor[index] == dimensions[index]
      }
    guard fits, !tensor.contains(0) else {
      throw .damaged(
        "its scales are \(dimensions), in blocks of \(size) along dimension \(axis) of \(tensor)")
    }
    var places = [0]
    for (index, count) in tensor.enumerated() {
      let (divisor, scaleCount) = (index == axis ? size : 1, dimensions[index])
      places = places.flatMap { place in
        (0..<count).map { place * scaleCount + $0 / divisor }
      }
    }
    return places
  }
}
