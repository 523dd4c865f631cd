// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Checks of dimensions that come from a file, after which no product of them overflows.
enum ONNXDimensions {
  /// How many elements dimensions have.
  ///
  /// - Throws: If there are too many dimensions, one is negative, or the product of those that are not
  ///   0 exceeds ``Graph/elementLimit``.
  static func elementCount(of dimensions: [Int]) throws(ONNXProblem) -> Int {
    guard dimensions.count <= Graph.rankLimit else {
      throw .unsupported(
        reason: "it has \(dimensions.count) dimensions; the limit is \(Graph.rankLimit)",
        remedy: "reshape it to fewer dimensions")
    }
    guard dimensions.allSatisfy({ $0 >= 0 }) else {
      throw .damaged("its shape \(dimensions) has a negative dimension")
    }
    guard Shape(dimensions.map { max($0, 1) }).elementCount(atMost: Graph.elementLimit) != nil
    else {
      throw .unsupported(
        reason: "its shape is \(dimensions); a tensor has at most \(Graph.elementLimit) elements",
        remedy: "use smaller tensors")
    }
    return dimensions.reduce(1, *)
  }
}
