// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Comparisons, functions of truth values, and selection.
enum ONNXLogic {
  static let entries: [String: ONNXOperators.Entry] = [
    "Equal": comparison(.equal, { $0 == $1 }, { $0 == $1 }),
    "Less": comparison(.less, { $0 < $1 }, { $0 < $1 }),
    "LessOrEqual": comparison(.lessEqual, { $0 <= $1 }, { $0 <= $1 }),
    "Greater": comparison(.greater, { $0 > $1 }, { $0 > $1 }),
    "GreaterOrEqual": comparison(.greaterEqual, { $0 >= $1 }, { $0 >= $1 }),
    "And": function(.logical(.and), { $0 != 0 && $1 != 0 }),
    "Or": function(.logical(.or), { $0 != 0 || $1 != 0 }),
    "Xor": function(.compare(.notEqual), { $0 != $1 }),
    "Not": .init(
      evaluation: { context, constants throws(ONNXProblem) in
        guard let input = constants.first, input.type == .bool, let values = input.integers else {
          return nil
        }
        return [ONNXConstant(integers: values.map { 1 - $0 }, input.dimensions, type: .bool)]
      },
      { context throws(ONNXProblem) in [try context.append(.logical(.not), [try context.input(0)])]
      }),
    "Where": .init({ context throws(ONNXProblem) in [try select(context)] }),
  ]

  private static func comparison(
    _ relation: Relation, _ floats: @escaping @Sendable (Float, Float) -> Bool,
    _ integers: @escaping @Sendable (Int, Int) -> Bool
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        try ONNXConstantArithmetic.compared(constants, context, floats, integers).map { [$0] }
      },
      { context throws(ONNXProblem) in
        [try context.append(.compare(relation), try context.allInputs(atLeast: 2), type: .bool)]
      })
  }

  private static func function(
    _ kind: OperatorKind, _ values: @escaping @Sendable (Int, Int) -> Bool
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        guard constants.allSatisfy({ $0.type == .bool }) else { return nil }
        return try ONNXConstantArithmetic.compared(constants, context, { _, _ in false }, values)
          .map { [$0] }
      },
      { context throws(ONNXProblem) in
        [try context.append(kind, try context.allInputs(atLeast: 2), type: .bool)]
      })
  }

  private static func select(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let operands = try context.allInputs(atLeast: 3)
    let (condition, first, second) = (operands[0], operands[1], operands[2])
    guard condition.type == .bool, first.type == second.type else {
      throw .damaged(
        "its operands are \(condition.type.rawValue), \(first.type.rawValue) and "
          + second.type.rawValue)
    }
    guard let pair = first.shape.broadcast(with: second.shape),
      let shape = pair.broadcast(with: condition.shape)
    else {
      throw .damaged(
        "shapes \(condition.shape.dimensions), \(first.shape.dimensions) and "
          + "\(second.shape.dimensions) do not broadcast to one")
    }
    guard let decided = condition.constant, let values = decided.integers else {
      return try context.append(.select, [condition, first, second], type: first.type)
    }
    // One side is taken everywhere, or both are known too.
    if !values.contains(0) { return try context.broadcast(first, to: shape) }
    if !values.contains(1) { return try context.broadcast(second, to: shape) }
    guard first.constant != nil, second.constant != nil else {
      return try context.append(.select, [condition, first, second], type: first.type)
    }
    return try chosen(context, [condition, first, second], shape)
  }

  /// A selection among constants.
  private static func chosen(
    _ context: ONNXOperatorContext, _ operands: [ONNXValue], _ shape: Shape
  ) throws(ONNXProblem) -> ONNXValue {
    var parts: [ONNXConstant] = []
    for operand in operands {
      let value = try context.broadcast(operand, to: shape)
      guard let constant = value.constant, constant.quantization == nil else {
        return try context.append(.select, operands, type: operands[1].type)
      }
      parts.append(constant)
    }
    let width = parts[1].elementBytes
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts[1].bytes.count)
    for (index, isFirst) in parts[0].bytes.enumerated() {
      let source = isFirst != 0 ? parts[1] : parts[2]
      bytes += source.bytes[(index * width)..<((index + 1) * width)]
    }
    return .constant(ONNXConstant(parts[1].elementType, shape.dimensions, bytes: bytes))
  }
}
