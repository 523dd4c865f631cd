// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Convolutions along three dimensions of space, as ones along two: the slices that a window reaches
/// along the first dimension, the depth, become channels, and each place along it an image.
enum ONNXDepthConvolution {
  /// Convolves [n, c, d, h, w] with filters [m, c / groups, kd, kh, kw].
  static func convolution(
    _ input: ONNXValue, _ filter: ONNXValue, _ window: ONNXWindow, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let shape = input.shape
    try context.builder.check(shape)
    let (rows, columns) = (shape[3], shape[4])
    let padded = try padded(input, window, context)
    let taps = window.kernel[0]
    let rest = padded.shape[2] - window.reach(0)
    guard rest >= 0 else {
      throw .damaged("its window reaches over \(window.reach(0)) of \(padded.shape[2]) slices")
    }
    let depth = rest / window.strides[0] + 1
    _ = try ONNXDimensions.elementCount(of: [shape[0], shape[1], depth, taps, rows, columns])
    let indices = (0..<depth).flatMap { place in
      (0..<taps).map { place * window.strides[0] + $0 * window.dilations[0] }
    }
    var images = try context.append(
      .gather(GatherAttributes(axis: 2, indices: indices, indexShape: [indices.count])), [padded])
    images = try context.reshaped(
      images, to: [shape[0], shape[1], depth, taps, rows * columns])
    images = try context.transposed(images, [0, 2, 1, 3, 4])
    images = try context.reshaped(
      images, to: [shape[0] * depth, shape[1] * taps, rows, columns])
    let filters = try context.reshaped(
      filter, to: [filter.shape[0], filter.shape[1] * taps, filter.shape[3], filter.shape[4]])
    let result = try ONNXConvolutions.convolution(images, filters, window.part(1..<3), context)
    let (channels, height, width) = (result.shape[1], result.shape[2], result.shape[3])
    let slices = try context.reshaped(
      result, to: [shape[0], depth, channels, height * width])
    return try context.reshaped(
      try context.transposed(slices, [0, 2, 1, 3]),
      to: [shape[0], channels, depth, height, width])
  }

  private static func padded(
    _ input: ONNXValue, _ window: ONNXWindow, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard window.before[0] > 0 || window.after[0] > 0 else { return input }
    return try context.append(
      .pad(
        PadAttributes(
          before: [0, 0, window.before[0], 0, 0], after: [0, 0, window.after[0], 0, 0])), [input])
  }
}
