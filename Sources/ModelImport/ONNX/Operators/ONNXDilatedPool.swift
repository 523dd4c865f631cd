// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Pools whose windows have gaps, which the graph has no operator for.
enum ONNXDilatedPool {
  /// The largest elements below the windows: along one dimension after the other, the larger ones of
  /// shifted images.
  ///
  /// - Parameters:
  ///   - image: The image [n, h, w, c].
  ///   - extra: How far the last windows reach over the padded image.
  static func maximum(
    _ image: ONNXValue, _ window: ONNXWindow, _ space: [Int], _ extra: [Int],
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var window = window
    window.after = zip(window.after, extra).map { $0 + $1 }
    var result = image
    if (window.before + window.after).contains(where: { $0 != 0 }) {
      let least = -Float.greatestFiniteMagnitude
      let bytes = ONNXConstant(floats: [least], []).bytes
      result = try context.append(
        .pad(ONNXPooling.padding(window, content: .element(bytes))), [result])
    }
    for axis in 0..<window.rank {
      result = try maximum(result, window, axis, context)
    }
    return result
  }

  private static func maximum(
    _ image: ONNXValue, _ window: ONNXWindow, _ axis: Int, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let place = 3 - window.rank + axis
    let rest = image.shape[place] - window.reach(axis)
    try check(window, axis, size: image.shape[place])
    guard rest >= 0 else {
      throw .damaged(
        "its window reaches over \(window.reach(axis)) of \(image.shape[place]) elements")
    }
    let ones = image.shape.dimensions.map { _ in 1 }
    var (begin, stride, size) = (ones.map { _ in 0 }, ones, image.shape.dimensions)
    stride[place] = window.strides[axis]
    size[place] = rest / window.strides[axis] + 1
    var result: ONNXValue?
    for tap in 0..<window.kernel[axis] {
      begin[place] = tap * window.dilations[axis]
      let part = try context.append(
        .slice(SliceAttributes(begin: begin, size: size, stride: stride)), [image])
      result =
        if let known = result { try context.append(.binary(.maximum), [known, part]) } else { part }
    }
    return result ?? image
  }

  /// Requires a window and an image small enough to be taken apart.
  private static func check(
    _ window: ONNXWindow, _ axis: Int, size: Int
  ) throws(ONNXProblem) {
    guard window.kernel[axis] == 1 || (window.kernel[axis] <= 64 && size <= 1 << 16) else {
      throw .unsupported(
        reason: "it has a window of \(window.kernel[axis]) with dilation \(window.dilations[axis]) "
          + "over \(size) elements",
        remedy: "use a smaller window, or one without dilation")
    }
  }

  /// The means of the elements below the windows: a depthwise convolution with equal weights, divided
  /// by the number of elements that count.
  static func average(
    _ image: ONNXValue, _ window: ONNXWindow, _ space: [Int], _ extra: [Int],
    countsPadding: Bool, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    for axis in space.indices {
      try check(window, axis, size: space[axis] + window.before[axis] + window.after[axis])
    }
    let counted = space.indices.map { axis in
      counts(window, space[axis], axis, extra[axis], countsPadding: countsPadding)
    }
    var wide = window
    wide.after = zip(window.after, extra).map { $0 + $1 }
    let channels = image.shape[3]
    let taps = window.kernel.reduce(1, *)
    let size = window.size
    let filter = try context.floats(
      [Float](
        repeating: 1,
        count: try ONNXDimensions.elementCount(of: [1, size.height, size.width, channels])),
      [1, size.height, size.width, channels])
    let sum = try context.append(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: wide.stride, dilation: wide.dilation, padding: wide.padding(over: space),
          activation: .none, depthMultiplier: 1)), [image, filter, nil])
    let rows = counted.count > 1 ? counted[0] : [1]
    let columns = counted[counted.count - 1]
    guard rows.count == sum.shape[1], columns.count == sum.shape[2],
      !rows.contains(0), !columns.contains(0)
    else {
      throw .unsupported(
        reason: "a window of \(taps) elements lies in the padding alone",
        remedy: "use a smaller padding")
    }
    let factors = rows.flatMap { row in columns.map { 1 / Float(row * $0) } }
    return try context.append(
      .binary(.multiply(.none)),
      [sum, try context.floats(factors, [rows.count, columns.count, 1])])
  }

  /// For each window along a dimension, how many of its elements count.
  private static func counts(
    _ window: ONNXWindow, _ size: Int, _ axis: Int, _ extra: Int, countsPadding: Bool
  ) -> [Int] {
    let padded = size + window.before[axis] + window.after[axis]
    let legal = countsPadding ? 0..<padded : window.before[axis]..<(window.before[axis] + size)
    let last = padded + extra - window.reach(axis)
    guard last >= 0 else { return [] }
    return stride(from: 0, through: last, by: window.strides[axis]).map { start in
      (0..<window.kernel[axis]).count { legal.contains(start + $0 * window.dilations[axis]) }
    }
  }
}
