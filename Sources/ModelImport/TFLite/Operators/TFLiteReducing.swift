// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that make few numbers of many, or mix neighbours. Field numbers: tables
/// ReducerOptions, L2NormOptions, ResizeBilinearOptions and CumsumOptions of the published schema.
enum TFLiteReducing {
  static let entries: [Int: TFLiteOperators.Entry] = [
    11: .init(options: 12, note: "no fused activation", l2Normalization),
    23: .init(options: 15, operands: [0], note: "constant size", resizeBilinear),
    40: .init(options: 27, operands: [0], note: constantAxes, mean),
    50: .init(logSoftmax),
    56: .init(operands: [0], note: constantAxes, argMax),
    74: .init(options: 27, operands: [0], note: constantAxes, sum),
    79: .init(operands: [0], note: constantAxes, argMin),
    82: .init(options: 27, operands: [0], note: constantAxes, reduceMax),
    89: .init(options: 27, operands: [0], note: constantAxes, reduceMin),
    128: .init(options: 102, operands: [0], note: constantAxes, cumulativeSum),
  ]

  private static let constantAxes = "constant dimensions"

  static func logSoftmax(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .logSoftmax
  }

  static func l2Normalization(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> OperatorKind {
    guard try source.activation(0) == .none else {
      throw .unsupported(
        reason: "it has a fused activation", remedy: "put the activation behind it")
    }
    return .l2Normalization
  }

  /// The size stands in the output's shape too.
  static func resizeBilinear(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    _ = try source.integers(ofInput: 1, "the size")
    return .resizeBilinear(
      ResizeBilinearAttributes(
        alignsCorners: try source.bool(2), usesHalfPixelCenters: try source.bool(3)))
  }

  static func mean(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    try reduce(source, .mean)
  }

  static func sum(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    try reduce(source, .sum)
  }

  static func reduceMax(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    try reduce(source, .maximum)
  }

  static func reduceMin(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    try reduce(source, .minimum)
  }

  static func argMax(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .argMax(ArgMaxAttributes(axis: try axis(source), findsMinimum: false))
  }

  static func argMin(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .argMax(ArgMaxAttributes(axis: try axis(source), findsMinimum: true))
  }

  static func cumulativeSum(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .cumulativeSum(
      CumulativeSumAttributes(
        axis: try axis(source), isExclusive: try source.bool(0), isReverse: try source.bool(1)))
  }

  private static func reduce(
    _ source: TFLiteOperatorSource, _ function: ReduceAttributes.Function
  ) throws(TFLiteProblem) -> OperatorKind {
    let rank = try source.input(0, "the input").shape.rank
    var axes: Set<Int> = []
    for value in try source.integers(ofInput: 1, "the list of dimensions") {
      // Of a scalar there is nothing to reduce, whatever the list says.
      if rank > 0 { axes.insert(try source.axis(value, rank: rank)) }
    }
    return .reduce(
      ReduceAttributes(
        function: function, axes: axes.sorted(), keepsDimensions: try source.bool(0)))
  }

  /// The one dimension that input 1 names.
  private static func axis(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> Int {
    let rank = try source.input(0, "the input").shape.rank
    let values = try source.integers(ofInput: 1, "the dimension")
    guard let value = values.first, values.count == 1 else {
      throw .damaged("it works along \(values.count) dimensions instead of one")
    }
    return try source.axis(value, rank: rank)
  }
}
