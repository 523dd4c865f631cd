// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that make one number of many. Field numbers: the option tables of the published
/// schema.
enum TFLiteReducing {
  static let entries: [Int: TFLiteOperators.Entry] = [
    50: .init(logSoftmax)
  ]

  static func logSoftmax(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .logSoftmax
  }
}
