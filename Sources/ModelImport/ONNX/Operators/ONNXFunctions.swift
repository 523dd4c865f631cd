// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// Functions of one operand.
enum ONNXFunctions {
  static let entries: [String: ONNXOperators.Entry] = [
    "Sqrt": entry(.squareRoot) { $0.squareRoot() },
    "Abs": signed(.absolute, { abs($0) }, { $0 == .min ? nil : abs($0) }),
    "Neg": signed(.negate, { -$0 }, { $0 == .min ? nil : -$0 }),
    "Exp": entry(.exponential) { exp($0) },
    "Log": entry(.logarithm) { log($0) },
    "Floor": entry(.floor) { $0.rounded(.down) },
    "Ceil": entry(.ceiling) { $0.rounded(.up) },
    "Round": entry(.round) { $0.rounded(.toNearestOrEven) },
    "Sin": entry(.sine) { sin($0) },
    "Cos": entry(.cosine) { cos($0) },
    "Sigmoid": entry(.logistic) { 1 / (1 + exp(-$0)) },
    "Tanh": entry(.tanh) { tanh($0) },
    "Reciprocal": .init(
      evaluation: { context, constants throws(ONNXProblem) in
        try mapped(constants, context) { 1 / $0 }
      },
      { context throws(ONNXProblem) in
        [try ONNXPower.reciprocal(try context.input(0), context)]
      }),
    "Sign": .init({ context throws(ONNXProblem) in [try sign(context)] }),
  ]

  /// A function of float32 that the graph has.
  private static func entry(
    _ function: UnaryFunction, _ scalar: @escaping @Sendable (Float) -> Float
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        try mapped(constants, context, scalar)
      },
      { context throws(ONNXProblem) in
        [try context.append(.unary(function), [try context.input(0)])]
      })
  }

  /// A function that constants of integers have too.
  private static func signed(
    _ function: UnaryFunction, _ scalar: @escaping @Sendable (Float) -> Float,
    _ integer: @escaping @Sendable (Int) -> Int?
  ) -> ONNXOperators.Entry {
    var result = entry(function, scalar)
    result.evaluation = { context, constants throws(ONNXProblem) in
      guard let constant = constants.first, let values = constant.integers else {
        return try mapped(constants, context, scalar)
      }
      let results = values.compactMap(integer)
      guard results.count == values.count else {
        throw .damaged("its result exceeds 64 bits")
      }
      try context.builder.charge(constant.bytes.count)
      return [ONNXConstant(integers: results, constant.dimensions, type: constant.type)]
    }
    return result
  }

  private static func mapped(
    _ constants: [ONNXConstant], _ context: ONNXOperatorContext, _ function: (Float) -> Float
  ) throws(ONNXProblem) -> [ONNXConstant]? {
    guard let constant = constants.first else { return nil }
    return try ONNXConstantArithmetic.mapped(constant, context, function).map { [$0] }
  }

  /// 1, 0 or -1: whether the operand is above 0, minus whether it is below.
  private static func sign(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let zero = try context.floats([0], [])
    let above = try context.append(.compare(.greater), [input, zero], type: .bool)
    let below = try context.append(.compare(.less), [input, zero], type: .bool)
    return try context.append(
      .binary(.subtract(.none)),
      [try context.cast(above, to: .float32), try context.cast(below, to: .float32)])
  }
}
