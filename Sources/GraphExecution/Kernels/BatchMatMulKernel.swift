// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Products of matrices, whose leading dimensions broadcast.
struct BatchMatMulKernel: Kernel {
  private let first: TensorSlot
  private let second: TensorSlot
  private let output: TensorSlot
  private let transposesFirst: Bool
  private let transposesSecond: Bool
  private let batches: Broadcast

  init(
    _ view: OperatorView, transposesFirst: Bool, transposesSecond: Bool
  ) throws(GraphExecutionError) {
    first = try view.floatInput(0)
    second = try view.floatInput(1)
    output = try view.floatOutput()
    self.transposesFirst = transposesFirst
    self.transposesSecond = transposesSecond
    let leading = [first, second, output].map { Shape(Array($0.shape.dimensions.dropLast(2))) }
    batches = Broadcast(Array(leading[..<2]), output: leading[2])
  }

  var scratchByteCount: Int {
    4
      * MatrixProduct.packedCount(
        inner: first.shape[first.shape.rank - (transposesFirst ? 2 : 1)],
        columns: output.shape[output.shape.rank - 1])
  }

  func run(_ memory: TensorMemory) {
    let (a, b) = (MatrixSize(first.shape), MatrixSize(second.shape))
    let size = MatrixSize(output.shape)
    var result = memory.floats(output)
    for row in 0..<batches.rowCount {
      let offsets = batches.offsets(ofRow: row)
      for index in 0..<batches.rowLength {
        let places = offsets &+ batches.rowSteps &* Broadcast.Steps(repeating: index)
        let inner = transposesFirst ? a.rows : a.columns
        MatrixProduct.pack(
          memory.floats(second) + places[1] * b.count, stride: b.columns,
          transposed: transposesSecond, inner: inner, columns: size.columns,
          into: memory.scratchFloats())
        MatrixProduct.multiply(
          memory.floats(first) + places[0] * a.count, aStride: a.columns,
          transposesA: transposesFirst, packed: memory.scratchFloats(), result,
          resultStride: size.columns, rows: size.rows, columns: size.columns, inner: inner)
        result += size.count
      }
    }
  }

  /// The last two dimensions.
  private struct MatrixSize {
    let rows: Int
    let columns: Int
    var count: Int { rows * columns }

    init(_ shape: Shape) {
      rows = shape[shape.rank - 2]
      columns = shape[shape.rank - 1]
    }
  }
}
