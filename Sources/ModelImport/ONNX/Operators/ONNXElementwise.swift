// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Arithmetic of two operands, and of more.
enum ONNXElementwise {
  static let entries: [String: ONNXOperators.Entry] = [
    "Add": entry(.add(.none), { $0 + $1 }, { $0.addingReportingOverflow($1) }),
    "Sub": entry(.binary(.subtract(.none)), { $0 - $1 }, { $0.subtractingReportingOverflow($1) }),
    "Mul": entry(
      .binary(.multiply(.none)), { $0 * $1 }, { $0.multipliedReportingOverflow(by: $1) }),
    "Div": entry(.binary(.divide(.none)), { $0 / $1 }, { $0.dividedReportingOverflow(by: $1) }),
  ]

  private static func entry(
    _ kind: OperatorKind, _ floats: @escaping @Sendable (Float, Float) -> Float,
    _ integers: @escaping @Sendable (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) -> ONNXOperators.Entry {
    .init(
      evaluation: { context, constants throws(ONNXProblem) in
        try ONNXConstantArithmetic.combined(constants, context, floats, integers).map { [$0] }
      },
      { context throws(ONNXProblem) in
        let operands = try context.allInputs(atLeast: 2)
        return [try context.append(kind, operands)]
      })
  }
}
