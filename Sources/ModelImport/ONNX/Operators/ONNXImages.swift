// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Images and rows of pixels, between the layout of ONNX, channels in front, and that of the graph.
extension ONNXOperatorContext {
  /// The sizes of an input's dimensions behind batch and channels, of which there must be `rank`.
  func space(of value: ONNXValue, rank: Int) throws(ONNXProblem) -> [Int] {
    guard value.rank == rank + 2 else {
      throw .damaged(
        "its input is \(value.shape), but must have \(rank + 2) dimensions for a window of \(rank)")
    }
    return Array(value.shape.dimensions[2...])
  }

  /// An image [n, h, w, c] of a value [n, c, h, w] or [n, c, w], which becomes one row.
  func image(_ value: ONNXValue) throws(ONNXProblem) -> ONNXValue {
    let moved = try channelsLast(value)
    guard value.rank == 3 else { return moved }
    let shape = moved.shape
    return try reshaped(moved, to: [shape[0], 1, shape[1], shape[2]])
  }

  /// The inverse of ``image(_:)``.
  ///
  /// - Parameter rank: How many dimensions of space the result has, 1 or 2.
  func value(_ image: ONNXValue, rank: Int) throws(ONNXProblem) -> ONNXValue {
    guard rank == 1 else { return try channelsFirst(image) }
    let shape = image.shape
    return try channelsFirst(try reshaped(image, to: [shape[0], shape[2], shape[3]]))
  }

  /// Filters [a, b, h, w] or [a, b, w], as [a, b, h, w].
  func filters(_ value: ONNXValue) throws(ONNXProblem) -> ONNXValue {
    guard value.rank == 3 else { return value }
    let shape = value.shape
    return try reshaped(value, to: [shape[0], shape[1], 1, shape[2]])
  }
}
