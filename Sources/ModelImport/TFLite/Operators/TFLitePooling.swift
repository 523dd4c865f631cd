// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads pooling operators. Field numbers: table Pool2DOptions of the published schema.
enum TFLitePooling {
  static let entries: [Int: TFLiteOperators.Entry] = [
    1: .init(options: 5, averagePool2D),
    17: .init(options: 5, maxPool2D),
  ]

  static func averagePool2D(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .averagePool2D(try attributes(source))
  }

  static func maxPool2D(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .maxPool2D(try attributes(source))
  }

  private static func attributes(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> Pool2DAttributes {
    Pool2DAttributes(
      window: try source.spatial(height: 4, width: 3),
      stride: try source.spatial(height: 2, width: 1),
      padding: try source.padding(0), activation: try source.activation(5))
  }
}
