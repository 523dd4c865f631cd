// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Activations, and what they are made of where the graph has no operator of their own.
enum ONNXActivations {
  static let entries: [String: ONNXOperators.Entry] = [
    "Relu": entry { context, input throws(ONNXProblem) in
      try context.append(.unary(.relu), [input])
    },
    "Clip": entry { context, input throws(ONNXProblem) in try clip(input, context) },
    "LeakyRelu": entry { context, input throws(ONNXProblem) in
      let alpha = try context.attributes.float("alpha") ?? 0.01
      return try context.append(.unary(.leakyReLU(alpha: alpha)), [input])
    },
    "PRelu": entry { context, input throws(ONNXProblem) in try prelu(input, context) },
    "HardSwish": entry { context, input throws(ONNXProblem) in
      try context.append(.unary(.hardSwish), [input])
    },
    "HardSigmoid": entry { context, input throws(ONNXProblem) in
      let alpha = try context.attributes.float("alpha") ?? 0.2
      let beta = try context.attributes.float("beta") ?? 0.5
      let line = try plus(try times(input, alpha, context), beta, context)
      return try context.append(.unary(.relu0To1), [line])
    },
    "Elu": entry { context, input throws(ONNXProblem) in
      try elu(input, alpha: try context.attributes.float("alpha") ?? 1, context)
    },
    "Selu": entry { context, input throws(ONNXProblem) in
      let alpha = try context.attributes.float("alpha") ?? 1.673_263_2
      let gamma = try context.attributes.float("gamma") ?? 1.050_701
      return try times(try elu(input, alpha: alpha, context), gamma, context)
    },
    "Celu": entry { context, input throws(ONNXProblem) in try celu(input, context) },
    "Gelu": entry { context, input throws(ONNXProblem) in try gelu(input, context) },
    "com.microsoft.Gelu": entry { context, input throws(ONNXProblem) in
      try context.append(.unary(.gelu(approximate: false)), [input])
    },
    "Softplus": entry { context, input throws(ONNXProblem) in try softplus(input, context) },
    "Softsign": entry { context, input throws(ONNXProblem) in
      let size = try context.append(.unary(.absolute), [input])
      return try context.append(
        .binary(.divide(.none)), [input, try plus(size, 1, context)])
    },
    "ThresholdedRelu": entry { context, input throws(ONNXProblem) in
      let alpha = try context.floats([try context.attributes.float("alpha") ?? 1], [])
      let holds = try context.append(.compare(.greater), [input, alpha], type: .bool)
      return try context.append(
        .select, [holds, input, try context.floats([0], [])], type: input.type)
    },
    "Mish": entry { context, input throws(ONNXProblem) in
      let gate = try context.append(.unary(.tanh), [try softplus(input, context)])
      return try context.append(.binary(.multiply(.none)), [input, gate])
    },
    "Swish": entry { context, input throws(ONNXProblem) in
      let scaled = try times(input, try context.attributes.float("alpha") ?? 1, context)
      let gate = try context.append(.unary(.logistic), [scaled])
      return try context.append(.binary(.multiply(.none)), [input, gate])
    },
    "Softmax": .init({ context throws(ONNXProblem) in [try softmax(.softmax(beta: 1), context)] }),
    "LogSoftmax": .init({ context throws(ONNXProblem) in [try softmax(.logSoftmax, context)] }),
  ]

  private static func entry(
    _ reading:
      @escaping @Sendable (ONNXOperatorContext, ONNXValue) throws(ONNXProblem) -> ONNXValue
  ) -> ONNXOperators.Entry {
    .init({ context throws(ONNXProblem) in [try reading(context, try context.input(0))] })
  }

  // MARK: Parts

  /// A value times a number.
  private static func times(
    _ value: ONNXValue, _ factor: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard factor != 1 else { return value }
    return try context.append(
      .binary(.multiply(.none)), [value, try context.floats([factor], [])])
  }

  /// A value plus a number.
  private static func plus(
    _ value: ONNXValue, _ summand: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard summand != 0 else { return value }
    return try context.append(.add(.none), [value, try context.floats([summand], [])])
  }

  // MARK: Limits

  private static func clip(
    _ input: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var lower = context.optional(1)
    var upper = context.optional(2)
    if context.version < 11 {
      lower = try context.attributes.float("min").map { .constant(.init(floats: [$0], [])) }
      upper = try context.attributes.float("max").map { .constant(.init(floats: [$0], [])) }
    }
    lower = try bound(lower, input, context) { $0 <= -.greatestFiniteMagnitude }
    upper = try bound(upper, input, context) { $0 >= .greatestFiniteMagnitude }
    if let function = function(lower, upper) {
      return try context.append(.unary(function), [input])
    }
    var result = input
    if let lower { result = try context.append(.binary(.maximum), [result, lower]) }
    if let upper { result = try context.append(.binary(.minimum), [result, upper]) }
    return result
  }

  /// A bound, unless it limits nothing.
  private static func bound(
    _ bound: ONNXValue?, _ input: ONNXValue, _ context: ONNXOperatorContext,
    _ isIdle: (Float) -> Bool
  ) throws(ONNXProblem) -> ONNXValue? {
    guard let bound else { return nil }
    guard bound.type == input.type else {
      throw .damaged("a bound is \(bound.type.rawValue), but the input \(input.type.rawValue)")
    }
    guard let values = bound.constant?.floats else { return bound }
    guard values.count == 1, !values[0].isNaN else {
      throw .damaged("a bound has \(values.count) elements, but must be one number")
    }
    return isIdle(values[0]) ? nil : bound
  }

  /// The function that limits to these bounds, if the graph has one.
  private static func function(_ lower: ONNXValue?, _ upper: ONNXValue?) -> UnaryFunction? {
    guard let least = lower?.constant?.float else { return nil }
    guard let upper else { return least == 0 ? .relu : nil }
    switch (least, upper.constant?.float) {
    case (0, 6): return .relu6
    case (0, 1): return .relu0To1
    case (-1, 1): return .reluN1To1
    default: return nil
    }
  }

  // MARK: Curves

  private static func prelu(
    _ input: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var slope = try context.input(1, "the slope")
    // Before operator set 7 a list of slopes was one for each channel.
    if context.version < 7, slope.rank == 1, slope.shape[0] > 1, input.rank > 2 {
      let ones = [Int](repeating: 1, count: input.rank - 2)
      slope = try context.reshaped(slope, to: Shape(slope.shape.dimensions + ones))
    }
    return try context.append(.prelu, [input, slope])
  }

  /// Where negative, `alpha` times (exp(x) - 1).
  private static func elu(
    _ input: ONNXValue, alpha: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let curve = try context.append(.unary(.elu), [input])
    guard alpha != 1 else { return curve }
    return try joined(input, negative: curve, factor: alpha, context)
  }

  /// Where negative, `alpha` times (exp(x / alpha) - 1).
  private static func celu(
    _ input: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let alpha = try context.attributes.float("alpha") ?? 1
    guard alpha != 0, (1 / alpha).isFinite else {
      throw .damaged("alpha is \(alpha)")
    }
    let scaled = try times(input, 1 / alpha, context)
    let curve = try context.append(.unary(.elu), [scaled])
    guard alpha != 1 else { return curve }
    return try joined(input, negative: curve, factor: alpha, context)
  }

  /// The input where it is positive, plus `factor` times the part of `curve` below 0.
  private static func joined(
    _ input: ONNXValue, negative curve: ONNXValue, factor: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let below = try context.append(
      .binary(.minimum), [curve, try context.floats([0], [])])
    let above = try context.append(.unary(.relu), [input])
    return try context.append(.add(.none), [above, try times(below, factor, context)])
  }

  private static func gelu(
    _ input: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let form = try context.attributes.string("approximate") ?? "none"
    guard ["none", "tanh"].contains(form) else {
      throw .damaged("the approximation \(form.abbreviatedForMessage) does not exist")
    }
    return try context.append(.unary(.gelu(approximate: form == "tanh")), [input])
  }

  /// log(1 + exp(x)), as max(0, x) + log(1 + exp(-|x|)), where nothing overflows.
  private static func softplus(
    _ input: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let size = try context.append(.unary(.absolute), [input])
    let small = try context.append(
      .unary(.exponential), [try context.append(.unary(.negate), [size])])
    let curve = try context.append(.unary(.logarithm), [try plus(small, 1, context)])
    return try context.append(.add(.none), [try context.append(.unary(.relu), [input]), curve])
  }

  // MARK: Softmax

  /// Before operator set 13 all dimensions from the axis on count as one; since then it is one.
  private static func softmax(
    _ kind: OperatorKind, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard input.rank > 0 else {
      throw .unsupported(reason: "its input is a scalar", remedy: "remove the operator")
    }
    let isOld = context.version < 13
    let value = try context.attributes.integer("axis") ?? (isOld ? 1 : -1)
    if isOld, value == input.rank {
      throw .unsupported(
        reason: "it works along dimension \(value) of \(input.shape), which has none",
        remedy: "use a dimension that the input has")
    }
    let axis = try context.axis(value, rank: input.rank)
    if axis == input.rank - 1 { return try context.append(kind, [input]) }
    if isOld {
      let dimensions = input.shape.dimensions
      let rows = try context.reshaped(
        input, to: [dimensions[..<axis].reduce(1, *), dimensions[axis...].reduce(1, *)])
      return try context.reshaped(try context.append(kind, [rows]), to: input.shape)
    }
    var permutation = Array(0..<input.rank)
    permutation.swapAt(axis, input.rank - 1)
    let moved = try context.append(kind, [try context.transposed(input, permutation)])
    return try context.transposed(moved, permutation)
  }
}
