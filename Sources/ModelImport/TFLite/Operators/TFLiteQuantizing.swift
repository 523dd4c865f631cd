// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads the operators between reals and integers; they have no options.
enum TFLiteQuantizing {
  static let entries: [Int: TFLiteOperators.Entry] = [
    6: .init(dequantize),
    114: .init(quantize),
  ]

  static func quantize(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .quantize
  }

  static func dequantize(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .dequantize
  }
}
