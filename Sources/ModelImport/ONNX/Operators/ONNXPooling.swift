// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Pools.
enum ONNXPooling {
  static let entries: [String: ONNXOperators.Entry] = [
    "MaxPool": .init(
      note: "one to three dimensions, without Indices",
      { context throws(ONNXProblem) in
        [try maximum(context)]
      }),
    "AveragePool": .init(
      note: "one to three dimensions",
      { context throws(ONNXProblem) in
        [try pooled(context, average)]
      }),
    "GlobalAveragePool": .init({ context throws(ONNXProblem) in
      [try global(.mean, context)]
    }),
    "GlobalMaxPool": .init({ context throws(ONNXProblem) in [try global(.maximum, context)] }),
  ]

  private static func global(
    _ function: ReduceAttributes.Function, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard input.rank > 2 else {
      throw .damaged("its input is \(input.shape), but must have at least 3 dimensions")
    }
    let attributes = ReduceAttributes(
      function: function, axes: Array(2..<input.rank), keepsDimensions: true)
    return try context.append(.reduce(attributes), [input])
  }

  private static func maximum(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    guard !context.isOutputUsed.dropFirst().contains(true) else {
      throw .unsupported(
        reason: "its output Indices is used",
        remedy: "use Resize or ConvTranspose to enlarge images")
    }
    return try pooled(context, maximum)
  }

  private static func maximum(
    _ input: ONNXValue, _ window: ONNXWindow, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let space = try context.space(of: input, rank: window.rank)
    let extra = try overhang(window, space, context)
    let image = try context.image(input)
    let result =
      if window.dilations.contains(where: { $0 != 1 }) {
        try ONNXDilatedPool.maximum(image, window, space, extra, context)
      } else {
        try context.append(
          .maxPool2D(attributes(widened(window, by: extra), space)), [image])
      }
    return try context.value(result, rank: window.rank)
  }

  private static func average(
    _ input: ONNXValue, _ window: ONNXWindow, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let space = try context.space(of: input, rank: window.rank)
    let extra = try overhang(window, space, context)
    let countsPadding = try context.attributes.bool("count_include_pad") ?? false
    var image = try context.image(input)
    if window.dilations.contains(where: { $0 != 1 }) {
      let result = try ONNXDilatedPool.average(
        image, window, space, extra, countsPadding: countsPadding, context)
      return try context.value(result, rank: window.rank)
    }
    var (plain, size) = (window, space)
    if countsPadding, (window.before + window.after).contains(where: { $0 != 0 }) {
      // Padding that counts becomes part of the image.
      image = try context.append(.pad(padding(window)), [image])
      size = space.indices.map { space[$0] + window.before[$0] + window.after[$0] }
      plain.before = window.before.map { _ in 0 }
      plain.after = plain.before
    }
    let result = try context.append(
      .averagePool2D(attributes(widened(plain, by: extra), size)), [image])
    return try context.value(result, rank: window.rank)
  }

  // MARK: Windows

  /// Pools over one or two dimensions of space.
  private typealias Pool = (
    ONNXValue, ONNXWindow, ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue

  /// Reads the operands and pools; three dimensions as two, and then the first one: what a window
  /// yields, and how many of its elements count, follows from one dimension after the other.
  private static func pooled(
    _ context: ONNXOperatorContext, _ pool: Pool
  ) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0, "the image")
    var window = try ONNXWindow(context, mostDimensions: 3)
    window.resolveSame(over: try context.space(of: input, rank: window.rank))
    guard window.rank == 3 else { return try pool(input, window, context) }
    let (batch, channels, depth) = (input.shape[0], input.shape[1], input.shape[2])
    try context.builder.check(input.shape)
    let slices = try context.reshaped(
      input, to: [batch, channels * depth, input.shape[3], input.shape[4]])
    let planes = try pool(slices, window.part(1..<3), context)
    let (rows, columns) = (planes.shape[2], planes.shape[3])
    let columnsOfDepth = try context.reshaped(planes, to: [batch, channels, depth, rows * columns])
    let result = try pool(columnsOfDepth, window.part(0..<1).withSingleColumn, context)
    return try context.reshaped(
      result, to: [batch, channels, result.shape[2], rows, columns])
  }

  /// How far, if sizes are rounded up, the last window reaches over the padded image along each
  /// dimension. A window that begins behind the image is none.
  private static func overhang(
    _ window: ONNXWindow, _ space: [Int], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [Int] {
    guard try context.attributes.bool("ceil_mode") ?? false else { return space.map { _ in 0 } }
    return space.indices.map { axis in
      let padded = space[axis] + window.before[axis] + window.after[axis]
      let rest = padded - window.reach(axis)
      guard rest > 0 else { return 0 }
      var last = (rest - 1) / window.strides[axis] * window.strides[axis] + window.strides[axis]
      if last >= space[axis] + window.before[axis] { last -= window.strides[axis] }
      return max(0, last + window.reach(axis) - padded)
    }
  }

  /// The window with padding behind that its last place needs.
  private static func widened(_ window: ONNXWindow, by extra: [Int]) -> ONNXWindow {
    var result = window
    result.after = zip(window.after, extra).map { $0 + $1 }
    return result
  }

  private static func attributes(_ window: ONNXWindow, _ space: [Int]) -> Pool2DAttributes {
    Pool2DAttributes(
      window: window.size, stride: window.stride, padding: window.padding(over: space),
      activation: .none)
  }

  /// The padding of an image [n, h, w, c].
  static func padding(
    _ window: ONNXWindow, content: PadAttributes.Content = .zero
  ) -> PadAttributes {
    let none = [Int](repeating: 0, count: 3 - window.rank)
    return PadAttributes(
      before: none + window.before + [0], after: none + window.after + [0], content: content)
  }
}
