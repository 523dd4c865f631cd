// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Normalizations that take mean and variance from the elements themselves, as the sums, products and
/// means that they consist of.
enum ONNXNormalizing {
  static let entries: [String: ONNXOperators.Entry] = [
    "LayerNormalization": .init({ context throws(ONNXProblem) in
      let input = try context.input(0)
      let result = try normalized(
        input, try lastAxes(input, context), try epsilon(context), context)
      let scaled = try scaled(result.value, context.optional(1), context.optional(2), context)
      return [scaled, result.mean, result.factor]
    }),
    "RMSNormalization": .init({ context throws(ONNXProblem) in
      let input = try context.input(0)
      let square = try ONNXPower.square(input, context)
      let factor = try reciprocalRoot(
        try mean(square, try lastAxes(input, context), context), try epsilon(context), context)
      let result = try context.append(.binary(.multiply(.none)), [input, factor])
      return [try scaled(result, context.optional(1), nil, context)]
    }),
    "InstanceNormalization": .init({ context throws(ONNXProblem) in
      let input = try image(context)
      let result = try normalized(
        input, Array(2..<input.rank), try epsilon(context), context)
      return [try perChannel(result.value, context)]
    }),
    "GroupNormalization": .init({ context throws(ONNXProblem) in
      [try groups(context)]
    }),
    "MeanVarianceNormalization": .init({ context throws(ONNXProblem) in
      let input = try context.input(0)
      let axes = try context.axes(
        try context.attributes.integers("axes") ?? [0, 2, 3], rank: input.rank)
      return [try normalized(input, axes, tiny, context).value]
    }),
    "LpNormalization": .init({ context throws(ONNXProblem) in [try unitLength(context)] }),
  ]

  /// What keeps quotients of zeros from being NaN, and counts for nothing beside other elements.
  private static let tiny: Float = 1e-18

  // MARK: Normalizations

  /// In groups of channels.
  private static func groups(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try image(context)
    let channels = input.shape[1]
    guard let count = try context.attributes.integer("num_groups"), count >= 1,
      count <= channels, channels.isMultiple(of: count)
    else { throw .damaged("num_groups does not divide \(channels) channels") }
    let grouped = try context.reshaped(
      input, to: [input.shape[0], count, input.shape.elementCount / input.shape[0] / count])
    let normal = try normalized(grouped, [2], try epsilon(context), context).value
    guard context.version >= 21 else {
      // Scale and bias are those of groups.
      return try context.reshaped(try perChannel(normal, context), to: input.shape)
    }
    return try perChannel(try context.reshaped(normal, to: input.shape), context)
  }

  /// Divides by the sum of sizes, or the root of the sum of squares, along a dimension.
  private static func unitLength(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let axis = try context.axis(try context.attributes.integer("axis") ?? -1, rank: input.rank)
    let power = try context.attributes.integer("p") ?? 2
    guard power == 1 || power == 2 else { throw .damaged("p is \(power), but must be 1 or 2") }
    let parts =
      try power == 1
      ? context.append(.unary(.absolute), [input]) : ONNXPower.square(input, context)
    let sum = try context.append(
      .reduce(ReduceAttributes(function: .sum, axes: [axis], keepsDimensions: true)), [parts])
    guard power == 1 else {
      return try context.append(
        .binary(.multiply(.none)), [input, try reciprocalRoot(sum, tiny, context)])
    }
    let positive = try context.append(.add(.none), [sum, try context.floats([tiny], [])])
    return try context.append(.binary(.divide(.none)), [input, positive])
  }

  /// Elements with mean 0 and variance 1 along dimensions.
  private static func normalized(
    _ input: ONNXValue, _ axes: [Int], _ epsilon: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (value: ONNXValue, mean: ONNXValue, factor: ONNXValue) {
    let center = try mean(input, axes, context)
    let rest = try context.append(.binary(.subtract(.none)), [input, center])
    let square = try ONNXPower.square(rest, context)
    let factor = try reciprocalRoot(try mean(square, axes, context), epsilon, context)
    return (try context.append(.binary(.multiply(.none)), [rest, factor]), center, factor)
  }

  // MARK: Parts

  private static func epsilon(_ context: ONNXOperatorContext) throws(ONNXProblem) -> Float {
    try context.attributes.float("epsilon") ?? 1e-5
  }

  /// The dimensions from the attribute `axis` on.
  private static func lastAxes(
    _ input: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [Int] {
    let first = try context.axis(try context.attributes.integer("axis") ?? -1, rank: input.rank)
    return Array(first..<input.rank)
  }

  private static func image(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard input.rank > 2 else {
      throw .damaged("its input is \(input.shape), but must have at least 3 dimensions")
    }
    try context.builder.check(input.shape)
    return input
  }

  private static func mean(
    _ value: ONNXValue, _ axes: [Int], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    try context.append(
      .reduce(ReduceAttributes(function: .mean, axes: axes, keepsDimensions: true)), [value])
  }

  /// 1 / sqrt(value + epsilon)
  private static func reciprocalRoot(
    _ value: ONNXValue, _ epsilon: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let sum = try context.append(.add(.none), [value, try context.floats([epsilon], [])])
    return try context.append(.unary(.rsqrt), [sum])
  }

  /// A product with one operand and a sum with the other, where they are there.
  private static func scaled(
    _ value: ONNXValue, _ scale: ONNXValue?, _ bias: ONNXValue?, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var result = value
    if let scale { result = try context.append(.binary(.multiply(.none)), [result, scale]) }
    if let bias { result = try context.append(.add(.none), [result, bias]) }
    guard result.shape == value.shape else {
      throw .damaged("scale or bias are larger than its input, \(value.shape)")
    }
    return result
  }

  /// The same, with a scale and a bias for each index of dimension 1.
  private static func perChannel(
    _ value: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var operands: [ONNXValue] = []
    for (index, role) in [(1, "the scale"), (2, "the bias")] {
      let operand = try context.input(index, role)
      guard operand.shape == [value.shape[1]] else {
        throw .damaged("\(role) is \(operand.shape), but must have \(value.shape[1]) elements")
      }
      let ones = [Int](repeating: 1, count: value.rank - 2)
      operands.append(try context.reshaped(operand, to: Shape([value.shape[1]] + ones)))
    }
    return try scaled(value, operands[0], operands[1], context)
  }
}
