// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// Powers with an exponent that is known, as operators that have kernels.
enum ONNXPower {
  /// The largest exponent that becomes products.
  private static let productLimit = 64

  /// x to the power of y.
  static func power(_ x: Float, _ y: Float) -> Float { pow(x, y) }

  static func power(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let base = try context.input(0, "the base")
    let found = try context.constant(1, "the exponent")
    guard let exponent = found?.cast(to: .float32), let values = exponent.floats,
      let value = values.first, value.isFinite, values.allSatisfy({ $0 == value })
    else {
      throw .unsupported(
        reason: "the exponent is not one finite number", remedy: "use a constant exponent")
    }
    let result = try power(base, value, context)
    guard let shape = base.shape.broadcast(with: Shape(exponent.dimensions)), shape != base.shape
    else { return result }
    return try context.append(.broadcast, [result], shape: shape)
  }

  private static func power(
    _ base: ONNXValue, _ exponent: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    switch exponent {
    case 1: return base
    case 2: return try square(base, context)
    case 0.5: return try context.append(.unary(.squareRoot), [base])
    case -0.5: return try context.append(.unary(.rsqrt), [base])
    default: break
    }
    if exponent < 0 { return try reciprocal(try power(base, -exponent, context), context) }
    if let count = Int(exactly: exponent), (1...productLimit).contains(count) {
      return try product(base, count, context)
    }
    let logarithm = try context.append(.unary(.logarithm), [base])
    let scaled = try context.append(
      .binary(.multiply(.none)), [logarithm, try context.floats([exponent], [])])
    return try context.append(.unary(.exponential), [scaled])
  }

  /// A value times itself: a product is what other interpreters have for integers.
  static func square(
    _ value: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    try context.append(.binary(.multiply(.none)), [value, value])
  }

  /// One divided by a value.
  static func reciprocal(
    _ value: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    try context.append(.binary(.divide(.none)), [try context.floats([1], []), value])
  }

  /// The base multiplied by itself, by repeated squaring.
  private static func product(
    _ base: ONNXValue, _ count: Int, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    var (square, rest) = (base, count)
    var result: ONNXValue?
    while rest > 0 {
      if rest & 1 == 1 {
        result =
          if let known = result {
            try context.append(.binary(.multiply(.none)), [known, square])
          } else {
            square
          }
      }
      rest >>= 1
      if rest > 0 { square = try context.append(.unary(.square), [square]) }
    }
    return result ?? base
  }
}
