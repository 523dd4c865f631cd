// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Pools.
enum ONNXPooling {
  static let entries: [String: ONNXOperators.Entry] = [
    "MaxPool": .init(
      note: "one or two dimensions, without Indices",
      { context throws(ONNXProblem) in
        [try maximum(context)]
      }),
    "AveragePool": .init(
      note: "one or two dimensions",
      { context throws(ONNXProblem) in
        [try average(context)]
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
    let (input, window, space) = try operands(context)
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

  private static func average(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let (input, window, space) = try operands(context)
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

  private static func operands(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (ONNXValue, ONNXWindow, [Int]) {
    let input = try context.input(0, "the image")
    var window = try ONNXWindow(context)
    let space = try context.space(of: input, rank: window.rank)
    window.resolveSame(over: space)
    return (input, window, space)
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
