// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that reduce dimensions to one element.
enum ONNXReducing {
  static let entries: [String: ONNXOperators.Entry] = [
    "ReduceMean": entry(.mean, nil),
    "ReduceSum": entry(.sum, since: 13) { $0.addingReportingOverflow($1) },
    "ReduceMax": entry(.maximum) { (max($0, $1), false) },
    "ReduceMin": entry(.minimum) { (min($0, $1), false) },
    "ReduceProd": .init(
      note: "of constant integers",
      evaluation: { context, constants throws(ONNXProblem) in
        try evaluated(context, constants, since: 18) { $0.multipliedReportingOverflow(by: $1) }
      },
      { _ throws(ONNXProblem) in
        throw .unsupported(
          reason: "its input is computed at run time", remedy: "use Mul, ReduceSum or ReduceMean")
      }),
    "ReduceL1": .init({ context throws(ONNXProblem) in
      let size = try context.append(.unary(.absolute), [try context.input(0)])
      return [try reduced(size, .sum, context)]
    }),
    "ReduceSumSquare": .init({ context throws(ONNXProblem) in [try squares(context)] }),
    "ReduceL2": .init({ context throws(ONNXProblem) in
      [try context.append(.unary(.squareRoot), [try squares(context)])]
    }),
    "ReduceLogSum": .init({ context throws(ONNXProblem) in
      let sum = try reduced(try context.input(0), .sum, context)
      return [try context.append(.unary(.logarithm), [sum])]
    }),
  ]

  /// A reduction that the graph has.
  ///
  /// - Parameters:
  ///   - version: The operator set since which the axes are an input.
  ///   - integers: How constants of integers are reduced.
  private static func entry(
    _ function: ReduceAttributes.Function, since version: Int = 18,
    _ integers: (@Sendable (Int, Int) -> (partialValue: Int, overflow: Bool))?
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        guard let integers else { return nil }
        return try evaluated(context, constants, since: version, integers)
      },
      { context throws(ONNXProblem) in
        [try reduced(try context.input(0), function, context, since: version)]
      })
  }

  private static func squares(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    try reduced(
      try ONNXPower.square(try context.input(0), context), .sum, context)
  }

  private static func reduced(
    _ input: ONNXValue, _ function: ReduceAttributes.Function, _ context: ONNXOperatorContext,
    since version: Int = 18
  ) throws(ONNXProblem) -> ONNXValue {
    let (axes, keepsDimensions) = try axes(of: input.rank, context, since: version)
    // Nothing to reduce.
    guard !axes.isEmpty else { return input }
    let attributes = ReduceAttributes(
      function: function, axes: axes, keepsDimensions: keepsDimensions)
    return try context.append(.reduce(attributes), [input])
  }

  /// The dimensions that are reduced: all of them if none is named, unless that means none.
  private static func axes(
    of rank: Int, _ context: ONNXOperatorContext, since version: Int
  ) throws(ONNXProblem) -> (axes: [Int], keepsDimensions: Bool) {
    let keepsDimensions = try context.attributes.bool("keepdims") ?? true
    let named = try context.integers(attribute: "axes", orInput: 1, since: version, "the axes")
    if let named, !named.isEmpty {
      return (try context.axes(named, rank: rank), keepsDimensions)
    }
    let meansNone = try context.attributes.bool("noop_with_empty_axes") ?? false
    return (meansNone ? [] : Array(0..<rank), keepsDimensions)
  }

  /// A constant of integers, reduced; `nil` for other types and for constants without elements.
  private static func evaluated(
    _ context: ONNXOperatorContext, _ constants: [ONNXConstant], since version: Int,
    _ integers: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) throws(ONNXProblem) -> [ONNXConstant]? {
    guard let constant = constants.first, constant.type != .bool, constant.count > 0,
      constant.integers != nil
    else { return nil }
    let rank = constant.dimensions.count
    let (axes, keepsDimensions) = try axes(of: rank, context, since: version)
    let kept = (0..<rank).filter { !axes.contains($0) }
    try context.builder.charge(16 * constant.count)
    guard let values = constant.transposed(kept + axes).integers else { return nil }
    let length = axes.reduce(1) { $0 * constant.dimensions[$1] }
    var results: [Int] = []
    for start in stride(from: 0, to: values.count, by: length) {
      var result = values[start]
      for value in values[(start + 1)..<(start + length)] {
        let (next, overflow) = integers(result, value)
        guard !overflow else { throw .damaged("its result exceeds 64 bits") }
        result = next
      }
      results.append(result)
    }
    let dimensions = (0..<rank).compactMap { axis -> Int? in
      guard axes.contains(axis) else { return constant.dimensions[axis] }
      return keepsDimensions ? 1 : nil
    }
    return [ONNXConstant(integers: results, dimensions, type: constant.type)]
  }
}
