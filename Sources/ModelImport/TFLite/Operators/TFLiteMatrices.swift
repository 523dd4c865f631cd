// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads transposed convolutions and products of matrices. Field numbers: tables TransposeConvOptions
/// and BatchMatMulOptions of the published schema.
enum TFLiteMatrices {
  static let entries: [Int: TFLiteOperators.Entry] = [
    67: .init(
      options: 49, operands: [2, 1, 3], note: "constant output shape", transposeConv),
    126: .init(options: 101, batchMatMul),
  ]

  static func transposeConv(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let shape = try outputShape(source)
    guard shape.count == 4 else {
      throw .damaged("the output's shape is \(shape), but must have 4 dimensions")
    }
    return .transposeConv(
      TransposeConvAttributes(
        stride: try source.spatial(height: 2, width: 1), padding: try source.padding(0),
        activation: try source.activation(3),
        outputSize: Spatial(height: shape[1], width: shape[2])))
  }

  /// Models with an open batch size compute the shape at run time: then that of the output rules.
  private static func outputShape(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> [Int] {
    if try source.input(0, "the output's shape").constant == nil, let output = source.outputs.first
    {
      return output.shape.dimensions
    }
    return try source.integers(ofInput: 0, "the output's shape")
  }

  static func batchMatMul(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .batchMatMul(
      transposesFirst: try source.bool(0), transposesSecond: try source.bool(1))
  }
}
