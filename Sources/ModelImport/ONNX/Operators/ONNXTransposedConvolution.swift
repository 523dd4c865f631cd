// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// ConvTranspose: every pixel of the input spreads a filter over the output.
enum ONNXTransposedConvolution {
  static func convolution(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0, "the image")
    let filter = try context.input(1, "the filter")
    guard filter.rank >= 3 else {
      throw .damaged("the filter is \(filter.shape), but must have at least 3 dimensions")
    }
    let window = try ONNXWindow(context, kernel: Array(filter.shape.dimensions[2...]))
    let space = try context.space(of: input, rank: window.rank)
    let groups = try context.attributes.integer("group") ?? 1
    guard groups >= 1, groups <= input.shape[1], input.shape[1].isMultiple(of: groups),
      filter.shape[0] == input.shape[1]
    else {
      throw .damaged(
        "image \(input.shape) and filter \(filter.shape) do not fit each other in \(groups) groups")
    }
    let extents = try extents(window, space, context)
    let filters = try spread(try context.filters(filter), window.dilation, groups, context)
    let result = try convolved(
      try context.image(input), try context.transposed(filters, [1, 2, 3, 0]), window, extents,
      context)
    return try context.value(result, rank: window.rank)
  }

  // MARK: Sizes

  /// Along one dimension of space.
  private struct Extent {
    /// Elements that all spread filters cover together.
    var full: Int
    /// Elements that are cut off in front.
    var before: Int
    /// Elements of the output.
    var output: Int

    /// Elements that are cut off behind; negative ones are added.
    var after: Int { full - before - output }
  }

  private static func extents(
    _ window: ONNXWindow, _ space: [Int], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [Extent] {
    let zeros = [Int](repeating: 0, count: window.rank)
    let added = try list("output_padding", window.rank, context) ?? zeros
    let wanted = try list("output_shape", window.rank, context)
    return try (0..<window.rank).map { axis throws(ONNXProblem) in
      let full = window.strides[axis] * (space[axis] - 1) + window.reach(axis)
      var extent = Extent(full: full, before: window.before[axis], output: 0)
      extent.output = full + added[axis] - window.before[axis] - window.after[axis]
      if wanted != nil || window.rule.hasPrefix("SAME") {
        extent.output = wanted?[axis] ?? space[axis] * window.strides[axis]
        let total = full + added[axis] - extent.output
        extent.before = window.rule == "SAME_UPPER" ? total / 2 : total - total / 2
      }
      guard extent.output > 0, extent.before >= 0 else {
        throw .unsupported(
          reason: "its output has \(extent.output) elements along dimension \(axis) of space, of "
            + "\(full) that its filters cover",
          remedy: "use another output_shape or padding")
      }
      return extent
    }
  }

  private static func list(
    _ name: String, _ count: Int, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [Int]? {
    guard let values = try context.attributes.integers(name), !values.isEmpty else { return nil }
    // Some exporters put the batch and the channels in front.
    let spatial = Array(values.suffix(count))
    guard spatial.count == count, spatial.allSatisfy({ (0...(1 << 24)).contains($0) }) else {
      throw .damaged("\(name) is \(values)")
    }
    return spatial
  }

  // MARK: Operators

  private static func convolved(
    _ image: ONNXValue, _ filters: ONNXValue, _ window: ONNXWindow, _ extents: [Extent],
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let bias = context.optional(2)
    // What is computed together with the convolution: all that a convolution of the output reads.
    let isDirect = extents.indices.allSatisfy {
      extents[$0].after >= 0 || -extents[$0].after < window.strides[$0]
    }
    guard isDirect else {
      let all = extents.map { Extent(full: $0.full, before: 0, output: $0.full) }
      let full = try appended(image, filters, nil, window, all, context)
      let part = try cropped(full, extents, context)
      guard let bias else { return part }
      return try context.append(.add(.none), [part, bias])
    }
    return try appended(image, filters, bias, window, extents, context)
  }

  private static func appended(
    _ image: ONNXValue, _ filters: ONNXValue, _ bias: ONNXValue?, _ window: ONNXWindow,
    _ extents: [Extent], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var window = window
    // The filters' dilation stands in their size by now.
    window.kernel = extents.indices.map { window.reach($0) }
    window.dilations = extents.map { _ in 1 }
    window.before = extents.map(\.before)
    window.after = extents.map { max(0, $0.after) }
    let output = extents.map(\.output)
    return try context.append(
      .transposeConv(
        TransposeConvAttributes(
          stride: window.stride, padding: window.padding(over: output), activation: .none,
          outputSize: ONNXWindow.spatial(output, 1))),
      [image, filters, bias])
  }

  /// The part of an image that is the output; zeros stand where filters do not reach.
  private static func cropped(
    _ image: ONNXValue, _ extents: [Extent], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let added = Array([0, 0, 0, 0].enumerated().map { max(0, -after($0.offset, extents)) })
    var result = image
    if added.contains(where: { $0 > 0 }) {
      result = try context.append(
        .pad(PadAttributes(before: [0, 0, 0, 0], after: added)), [result])
    }
    let begin = (0..<4).map { axis in extent(axis, extents)?.before ?? 0 }
    let size = (0..<4).map { axis in extent(axis, extents)?.output ?? image.shape[axis] }
    guard size != result.shape.dimensions else { return result }
    return try context.append(.slice(SliceAttributes(begin: begin, size: size)), [result])
  }

  private static func after(_ axis: Int, _ extents: [Extent]) -> Int {
    extent(axis, extents)?.after ?? 0
  }

  /// What is known of a dimension of an image [n, h, w, c].
  private static func extent(_ axis: Int, _ extents: [Extent]) -> Extent? {
    let index = axis - (3 - extents.count)
    return (1...2).contains(axis) && extents.indices.contains(index) ? extents[index] : nil
  }

  // MARK: Filters

  /// Filters [cIn, cOut / groups, h, w] as [cIn, cOut, h, w] without dilation: zeros stand between
  /// taps and for channels of other groups.
  private static func spread(
    _ filters: ONNXValue, _ dilation: Spatial, _ groups: Int, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard groups > 1 || dilation != Spatial(height: 1, width: 1) else { return filters }
    guard let constant = filters.constant else {
      throw .unsupported(
        reason: "its filter is computed at run time, with groups or dilation",
        remedy: "export the model with constant weights, or without groups and dilation here")
    }
    let shape = filters.shape
    let dimensions = [
      shape[0], shape[1] * groups, (shape[2] - 1) * dilation.height + 1,
      (shape[3] - 1) * dilation.width + 1,
    ]
    let count = try ONNXDimensions.elementCount(of: dimensions)
    try context.builder.charge(4 * count)
    guard let values = constant.floats else { throw .damaged("its filter is no float") }
    var result = [Float](repeating: 0, count: count)
    var source = 0
    for input in 0..<shape[0] {
      let first = input / (shape[0] / groups) * shape[1]
      for channel in 0..<shape[1] {
        for row in 0..<shape[2] {
          let line =
            ((input * dimensions[1] + first + channel) * dimensions[2] + row * dilation.height)
            * dimensions[3]
          for column in 0..<shape[3] {
            result[line + column * dilation.width] = values[source]
            source += 1
          }
        }
      }
    }
    return .constant(ONNXConstant(floats: result, dimensions))
  }
}
