// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads functions of one, two and three operands that work element by element. Field numbers:
/// tables SubOptions, MulOptions, DivOptions and LeakyReluOptions of the published schema.
enum TFLiteArithmetic {
  static let entries: [Int: TFLiteOperators.Entry] = [
    14: unary(.logistic), 19: unary(.relu), 20: unary(.reluN1To1), 21: unary(.relu6),
    28: unary(.tanh), 59: unary(.negate), 76: unary(.rsqrt), 101: unary(.absolute),
    111: unary(.elu), 117: unary(.hardSwish), 152: unary(.relu0To1),
    98: .init(options: 75, leakyReLU),
    8: unary(.floor), 104: unary(.ceiling), 116: unary(.round),
    47: unary(.exponential), 66: unary(.sine), 73: unary(.logarithm), 75: unary(.squareRoot),
    92: unary(.square), 108: unary(.cosine), 150: .init(options: 116, gelu),
    18: .init(options: 21, multiply), 41: .init(options: 28, subtract),
    42: .init(options: 29, divide),
    55: kind(.binary(.maximum)), 57: kind(.binary(.minimum)),
    99: kind(.binary(.squaredDifference)),
    54: kind(.prelu),
    71: kind(.compare(.equal)), 72: kind(.compare(.notEqual)), 61: kind(.compare(.greater)),
    62: kind(.compare(.greaterEqual)), 58: kind(.compare(.less)), 63: kind(.compare(.lessEqual)),
    84: kind(.logical(.or)), 86: kind(.logical(.and)), 87: kind(.logical(.not)),
    64: .init(note: "a condition of the values' shape, or of one element", selectOfEqualShapes),
    123: kind(.select), 53: kind(.cast),
  ]

  private static func kind(_ kind: OperatorKind) -> TFLiteOperators.Entry {
    .init { _ throws(TFLiteProblem) in kind }
  }

  private static func unary(_ function: UnaryFunction) -> TFLiteOperators.Entry {
    kind(.unary(function))
  }

  static func leakyReLU(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .unary(.leakyReLU(alpha: try source.float(0, 0)))
  }

  static func gelu(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .unary(.gelu(approximate: try source.bool(0)))
  }

  static func multiply(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .binary(.multiply(try source.activation(0)))
  }

  static func subtract(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .binary(.subtract(try source.activation(0)))
  }

  static func divide(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .binary(.divide(try source.activation(0)))
  }

  /// SELECT, unlike SELECT_V2, takes a list of conditions for whole rows: only where no such list is
  /// given both mean the same.
  static func selectOfEqualShapes(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> OperatorKind {
    let condition = try source.input(0, "the condition").shape
    let value = try source.input(1, "the value where it holds").shape
    guard condition == value || condition.elementCount == 1 else {
      throw .unsupported(
        reason: "a condition of shape \(condition) selects rows of \(value)",
        remedy: "use SELECT_V2 with a condition of shape \(value)")
    }
    return .select
  }
}
