// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Arithmetic of two operands, and of more.
enum ONNXElementwise {
  static let entries: [String: ONNXOperators.Entry] = [
    "Add": pair(.add(.none), { $0 + $1 }, { $0.addingReportingOverflow($1) }),
    "Sub": pair(.binary(.subtract(.none)), { $0 - $1 }, { $0.subtractingReportingOverflow($1) }),
    "Mul": pair(
      .binary(.multiply(.none)), { $0 * $1 }, { $0.multipliedReportingOverflow(by: $1) }),
    "Div": division,
    "Mod": .init(
      note: "of constants",
      evaluation: { context, constants throws(ONNXProblem) in
        try modulo(context, constants).map { [$0] }
      },
      { _ throws(ONNXProblem) in
        throw .unsupported(
          reason: "its operands are computed at run time",
          remedy: "do this arithmetic in the application, in front of or behind the network")
      }),
    "Min": any(.binary(.minimum), { $1 < $0 ? $1 : $0 }, { min($0, $1) }),
    "Max": any(.binary(.maximum), { $1 > $0 ? $1 : $0 }, { max($0, $1) }),
    "Sum": any(.add(.none), { $0 + $1 }, { $0 &+ $1 }),
    "Mean": .init({ context throws(ONNXProblem) in
      let operands = try context.allInputs()
      let sum = try chained(.add(.none), operands, context)
      guard operands.count > 1 else { return [sum] }
      let share = try context.floats([1 / Float(operands.count)], [])
      return [try context.append(.binary(.multiply(.none)), [sum, share])]
    }),
    "Pow": .init(
      note: "constant exponents, one number each",
      evaluation: { context, constants throws(ONNXProblem) in
        try evaluatedPower(context, constants).map { [$0] }
      },
      { context throws(ONNXProblem) in [try ONNXPower.power(context)] }),
  ]

  /// A quotient; by a square root, the product with the reciprocal of that, which is one function.
  private static var division: ONNXOperators.Entry {
    var entry = pair(
      .binary(.divide(.none)), { $0 / $1 }, { $0.dividedReportingOverflow(by: $1) })
    let quotient = entry.reading
    entry.reading = { context throws(ONNXProblem) in
      let operands = try aligned(context)
      guard operands.count == 2, let root = context.builder.operation(computing: operands[1]),
        root.kind == .unary(.squareRoot), let radicand = root.inputs.first ?? nil
      else { return try quotient(context) }
      let tensor = context.builder.graph[radicand]
      let reciprocal = try context.append(
        .unary(.rsqrt), [.tensor(radicand, type: tensor.elementType, shape: tensor.shape)])
      return [try context.append(.binary(.multiply(.none)), [operands[0], reciprocal])]
    }
    return entry
  }

  /// An operator of two operands.
  private static func pair(
    _ kind: OperatorKind, _ floats: @escaping @Sendable (Float, Float) -> Float,
    _ integers: @escaping @Sendable (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        try ONNXConstantArithmetic.combined(constants, context, floats, integers).map { [$0] }
      },
      { context throws(ONNXProblem) in [try context.append(kind, try aligned(context))] })
  }

  /// An operator of any number of operands.
  private static func any(
    _ kind: OperatorKind, _ floats: @escaping @Sendable (Float, Float) -> Float,
    _ integers: @escaping @Sendable (Int, Int) -> Int
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        guard var result = constants.first else { return nil }
        for constant in constants.dropFirst() {
          let next = try ONNXConstantArithmetic.combined([result, constant], context, floats) {
            (integers($0, $1), false)
          }
          guard let next else { return nil }
          result = next
        }
        return [result]
      },
      { context throws(ONNXProblem) in [try chained(kind, try context.allInputs(), context)] })
  }

  private static func chained(
    _ kind: OperatorKind, _ operands: [ONNXValue], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard var result = operands.first else { throw .damaged("it has no inputs") }
    for operand in operands.dropFirst() { result = try context.append(kind, [result, operand]) }
    return result
  }

  /// The two operands. Before operator set 7 the second one may be laid at a dimension of the first.
  private static func aligned(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [ONNXValue] {
    let operands = try context.allInputs(atLeast: 2)
    guard context.version < 7, let axis = try context.attributes.integer("axis") else {
      return operands
    }
    let (first, second) = (operands[0], operands[1])
    let start = try context.axis(axis, rank: first.rank)
    guard start + second.rank <= first.rank else {
      throw .damaged("\(second.shape) does not fit \(first.shape) from dimension \(start) on")
    }
    let trailing = [Int](repeating: 1, count: first.rank - start - second.rank)
    return [
      first, try context.reshaped(second, to: Shape(second.shape.dimensions + trailing)),
    ]
  }

  private static func modulo(
    _ context: ONNXOperatorContext, _ constants: [ONNXConstant]
  ) throws(ONNXProblem) -> ONNXConstant? {
    let followsDividend = try context.attributes.bool("fmod") ?? false
    return try ONNXConstantArithmetic.combined(
      constants, context,
      {
        let rest = $0.truncatingRemainder(dividingBy: $1)
        return !followsDividend && rest != 0 && (rest < 0) != ($1 < 0) ? rest + $1 : rest
      }
    ) { dividend, divisor in
      let (rest, overflow) = dividend.remainderReportingOverflow(dividingBy: divisor)
      guard !followsDividend, rest != 0, !overflow, (rest < 0) != (divisor < 0) else {
        return (rest, overflow)
      }
      return (rest + divisor, false)
    }
  }

  private static func evaluatedPower(
    _ context: ONNXOperatorContext, _ constants: [ONNXConstant]
  ) throws(ONNXProblem) -> ONNXConstant? {
    guard constants.count == 2 else { return nil }
    let (base, exponent) = (constants[0], constants[1].cast(to: .float32))
    let result = try ONNXConstantArithmetic.combined(
      [base.cast(to: .float32), exponent], context, { ONNXPower.power($0, $1) },
      { _, _ in (0, true) })
    return result?.cast(to: base.type)
  }
}
