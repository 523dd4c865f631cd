// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that work element by element or row by row. Field numbers: tables AddOptions and
/// SoftmaxOptions of the published schema.
enum TFLiteElementwise {
  static let entries: [Int: TFLiteOperators.Entry] = [
    0: .init(options: 11, add),
    22: .init(
      operands: [0, 1], ifConstant: [1], note: "the shape that the file gives its output rules",
      reshape),
    25: .init(options: 9, softmax),
  ]

  static func add(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .add(try source.activation(0))
  }

  static func softmax(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .softmax(beta: try source.float(0, 0))
  }

  /// The new shape stands in an operand or in the options, with -1 for an unknown dimension, and may
  /// be computed at run time: the output's shape rules.
  static func reshape(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .reshape
  }
}
