// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Products of matrices.
enum ONNXMatrices {
  static let entries: [String: ONNXOperators.Entry] = [
    "MatMul": .init({ context throws(ONNXProblem) in
      [try product(try context.input(0), try context.input(1, "the second matrix"), context)]
    }),
    "Gemm": .init({ context throws(ONNXProblem) in [try gemm(context)] }),
  ]

  // MARK: MatMul

  /// The product of two matrices, or of batches of them; vectors count as a row or a column.
  private static func product(
    _ first: ONNXValue, _ second: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard first.rank > 0, second.rank > 0 else {
      throw .damaged("operands \(first.shape) and \(second.shape) are no matrices")
    }
    let a = first.rank > 1 ? first : try context.reshaped(first, to: [1, first.shape[0]])
    let b = second.rank > 1 ? second : try context.reshaped(second, to: [second.shape[0], 1])
    let result =
      if let weights = try weights(b, context), a.constant == nil, a.rank >= b.rank {
        try context.append(
          .fullyConnected(
            FullyConnectedAttributes(activation: .none, keepsDimensions: a.rank > 2)),
          [a, weights, nil])
      } else {
        try context.append(
          .batchMatMul(transposesFirst: false, transposesSecond: false), [a, b])
      }
    var dimensions = result.shape.dimensions
    if second.rank == 1 { dimensions.removeLast() }
    if first.rank == 1 { dimensions.remove(at: dimensions.count - (second.rank == 1 ? 1 : 2)) }
    return try context.reshaped(result, to: Shape(dimensions))
  }

  /// A constant matrix [..., k, n] without batches as weights [n, k]; `nil` if it is none.
  private static func weights(
    _ matrix: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue? {
    let dimensions = matrix.shape.dimensions
    guard matrix.constant != nil, dimensions.dropLast(2).allSatisfy({ $0 == 1 }) else { return nil }
    let flat = try context.reshaped(matrix, to: Shape(Array(dimensions.suffix(2))))
    return try context.transposed(flat, [1, 0])
  }

  // MARK: Gemm

  /// alpha A B + beta C, either matrix perhaps transposed.
  private static func gemm(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let attributes = context.attributes
    let (a, b) = (
      try context.input(0, "the first matrix"), try context.input(1, "the second matrix")
    )
    guard a.rank == 2, b.rank == 2 else {
      throw .damaged("matrices \(a.shape) and \(b.shape) must have two dimensions each")
    }
    let transposesFirst = try attributes.bool("transA") ?? false
    let transposesSecond = try attributes.bool("transB") ?? false
    let alpha = try attributes.float("alpha") ?? 1
    let depth = a.shape[transposesFirst ? 0 : 1]
    guard depth == b.shape[transposesSecond ? 1 : 0] else {
      throw .damaged("matrices \(a.shape) and \(b.shape) do not fit each other")
    }
    let shape = Shape([
      a.shape[transposesFirst ? 1 : 0], b.shape[transposesSecond ? 0 : 1],
    ])
    let summand = try summand(shape, context)
    guard b.constant != nil, a.constant == nil else {
      var result = try context.append(
        .batchMatMul(transposesFirst: transposesFirst, transposesSecond: transposesSecond), [a, b])
      result = try scaled(result, alpha, context)
      guard let summand else { return result }
      return try context.append(.add(.none), [result, summand])
    }
    let rows = transposesFirst ? try context.transposed(a, [1, 0]) : a
    let weights = try scaled(
      transposesSecond ? b : try context.transposed(b, [1, 0]), alpha, context)
    let bias = try bias(summand, shape[1], context)
    let result = try context.append(
      .fullyConnected(FullyConnectedAttributes(activation: .none)), [rows, weights, bias])
    guard let summand, bias == nil else { return result }
    return try context.append(.add(.none), [result, summand])
  }

  /// beta C, which must broadcast to the product.
  private static func summand(
    _ shape: Shape, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue? {
    guard let c = context.optional(2) else { return nil }
    guard c.shape.broadcast(with: shape) == shape else {
      throw .damaged("summand \(c.shape) does not broadcast to the product, \(shape)")
    }
    let beta = try context.attributes.float("beta") ?? 1
    return beta == 0 ? nil : try scaled(c, beta, context)
  }

  /// A summand that is the same for each row, as a list; `nil` if it is none.
  private static func bias(
    _ summand: ONNXValue?, _ columns: Int, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue? {
    guard let summand, summand.shape.dimensions.dropLast().allSatisfy({ $0 == 1 }) else {
      return nil
    }
    if summand.shape.dimensions.last == columns {
      return try context.reshaped(summand, to: [columns])
    }
    guard let value = summand.constant?.float else { return nil }
    return try context.floats([Float](repeating: value, count: columns), [columns])
  }

  /// A value times a number.
  private static func scaled(
    _ value: ONNXValue, _ factor: Float, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard factor != 1 else { return value }
    guard let constant = value.constant, let values = constant.floats else {
      return try context.append(
        .binary(.multiply(.none)), [value, try context.floats([factor], [])])
    }
    return try context.floats(values.map { $0 * factor }, constant.dimensions)
  }
}
