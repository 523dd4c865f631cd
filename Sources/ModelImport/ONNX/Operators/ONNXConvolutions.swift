// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Convolutions, and batch normalization, which follows them.
enum ONNXConvolutions {
  static let entries: [String: ONNXOperators.Entry] = [
    "Conv": .init(
      note: "one to three dimensions",
      { context throws(ONNXProblem) in
        [try convolution(context)]
      }),
    "ConvTranspose": .init(
      note: "one or two dimensions; groups and dilation with constant weights",
      { context throws(ONNXProblem) in [try ONNXTransposedConvolution.convolution(context)] }),
    "BatchNormalization": .init(
      note: "inference only",
      { context throws(ONNXProblem) in
        [try batchNormalization(context)]
      }),
  ]

  private static func convolution(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0, "the image")
    let filter = try context.input(1, "the filter")
    guard filter.rank >= 3 else {
      throw .damaged("the filter is \(filter.shape), but must have at least 3 dimensions")
    }
    var window = try ONNXWindow(
      context, kernel: Array(filter.shape.dimensions[2...]), mostDimensions: 3)
    window.resolveSame(over: try context.space(of: input, rank: window.rank))
    guard window.rank < 3 else {
      return try ONNXDepthConvolution.convolution(input, filter, window, context)
    }
    return try convolution(input, filter, window, context)
  }

  /// A convolution along one or two dimensions of space, whose padding is known.
  static func convolution(
    _ input: ONNXValue, _ filter: ONNXValue, _ window: ONNXWindow, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let space = try context.space(of: input, rank: window.rank)
    let groups = try context.attributes.integer("group") ?? 1
    let channels = input.shape[1]
    guard groups >= 1, groups <= channels, channels.isMultiple(of: groups),
      filter.shape[1] == channels / groups, filter.shape[0].isMultiple(of: groups)
    else {
      throw .damaged(
        "image \(input.shape) and filter \(filter.shape) do not fit each other in \(groups) groups")
    }
    let image = try context.image(input)
    let filters = try context.filters(filter)
    let padding = window.padding(over: space)
    let bias = context.optional(2)
    let result: ONNXValue
    if groups > 1, groups == channels {
      result = try context.append(
        .depthwiseConv2D(
          DepthwiseConv2DAttributes(
            stride: window.stride, dilation: window.dilation, padding: padding, activation: .none,
            depthMultiplier: filter.shape[0] / channels)),
        [image, try context.transposed(filters, [1, 2, 3, 0]), bias])
    } else {
      result = try context.append(
        .conv2D(
          Conv2DAttributes(
            stride: window.stride, dilation: window.dilation, padding: padding, activation: .none,
            groups: groups)),
        [image, try context.transposed(filters, [0, 2, 3, 1]), bias])
    }
    return try context.value(result, rank: window.rank)
  }

  // MARK: Batch normalization

  /// (x - mean) / sqrt(variance + epsilon) * scale + bias, as a product and a sum.
  private static func batchNormalization(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard input.rank >= 2 else {
      throw .damaged("its input is \(input.shape), but must have at least 2 dimensions")
    }
    guard try context.attributes.bool("training_mode") != true,
      try context.attributes.bool("spatial") != false,
      !context.isOutputUsed.dropFirst().contains(true)
    else {
      throw .unsupported(
        reason: "it is in training mode, or normalizes each element by itself",
        remedy: "export the model for inference (model.eval())")
    }
    let channels = input.shape[1]
    var parameters: [ONNXValue] = []
    for (index, role) in ["the scale", "the bias", "the mean", "the variance"].enumerated() {
      let value = try context.input(index + 1, role)
      guard value.shape == [channels] else {
        throw .damaged("\(role) is \(value.shape), but there are \(channels) channels")
      }
      parameters.append(value)
    }
    let epsilon = try context.attributes.float("epsilon") ?? 1e-5
    let (factor, offset) = try line(parameters, epsilon, context)
    let shape = Shape([channels] + [Int](repeating: 1, count: input.rank - 2))
    let product = try context.append(
      .binary(.multiply(.none)), [input, try context.reshaped(factor, to: shape)])
    return try context.append(.add(.none), [product, try context.reshaped(offset, to: shape)])
  }

  /// What each channel is multiplied by, and what is added then.
  private static func line(
    _ parameters: [ONNXValue], _ epsilon: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (ONNXValue, ONNXValue) {
    let known = parameters.compactMap { $0.constant?.floats }
    guard known.count == 4 else { return try computedLine(parameters, epsilon, context) }
    var factors: [Float] = []
    var offsets: [Float] = []
    for channel in known[0].indices {
      let variance = Double(known[3][channel]) + Double(epsilon)
      guard variance > 0 else {
        throw .damaged("the variance of channel \(channel) is \(known[3][channel])")
      }
      let factor = Double(known[0][channel]) / variance.squareRoot()
      factors.append(Float(factor))
      offsets.append(Float(Double(known[1][channel]) - Double(known[2][channel]) * factor))
    }
    return (
      try context.floats(factors, [factors.count]), try context.floats(offsets, [offsets.count])
    )
  }

  /// The same, at run time.
  private static func computedLine(
    _ parameters: [ONNXValue], _ epsilon: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (ONNXValue, ONNXValue) {
    let variance = try context.append(
      .add(.none), [parameters[3], try context.floats([epsilon], [])])
    let root = try context.append(.unary(.rsqrt), [variance])
    let factor = try context.append(.binary(.multiply(.none)), [parameters[0], root])
    let shift = try context.append(.binary(.multiply(.none)), [parameters[2], factor])
    return (factor, try context.append(.binary(.subtract(.none)), [parameters[1], shift]))
  }
}
