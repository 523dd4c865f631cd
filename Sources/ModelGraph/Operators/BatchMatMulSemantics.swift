// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/batchMatMul(transposesFirst:transposesSecond:)``.
struct BatchMatMulSemantics: OperatorSemantics {
  var transposesFirst: Bool
  var transposesSecond: Bool

  var inputRoles: [String] { ["the first matrix", "the second matrix"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType(try operands.pairAndOutput(), [.float32, .int8, .int16])
    for index in 0..<2 {
      let input = try operands.requiredInput(index)
      guard input.shape.rank >= 2 else {
        throw OperatorProblem(
          "\(operands.role(index)) is \(input.shape), but must have at least two dimensions",
          remedy: "reshape it before this operator")
      }
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let (first, second) = (
      try operands.requiredInput(0).shape, try operands.requiredInput(1).shape
    )
    let (a, b) = (
      matrix(first, transposed: transposesFirst), matrix(second, transposed: transposesSecond)
    )
    let (batchesA, batchesB) = (
      Shape(Array(first.dimensions.dropLast(2))), Shape(Array(second.dimensions.dropLast(2)))
    )
    guard a.columns == b.rows, let batches = batchesA.broadcast(with: batchesB) else {
      throw OperatorProblem("matrices \(first) and \(second) do not fit each other")
    }
    return [Shape(batches.dimensions + [a.rows, b.columns])]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let first = operands.input(0)?.shape, let output = operands.outputs.first?.shape else {
      return 0
    }
    return output.elementCount * matrix(first, transposed: transposesFirst).columns
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(transposesFirst ? 1 : 0)
    encoder.append(transposesSecond ? 1 : 0)
  }

  private func matrix(_ shape: Shape, transposed: Bool) -> (rows: Int, columns: Int) {
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    return transposed ? (columns, rows) : (rows, columns)
  }
}
