// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// Solves systems with an upper triangle R for many rows at once, block of columns by block.
struct TriangularSolver {
  /// Columns that are solved one by one before the others are told.
  static let blockSize = 64

  /// R, row-major.
  let factor: UnsafePointer<Float>
  let order: Int

  /// yR = b, in place.
  func solveUpper(_ rows: UnsafeMutablePointer<Float>, count: Int) {
    for start in stride(from: 0, to: order, by: Self.blockSize) {
      let width = min(Self.blockSize, order - start)
      let corner = factor + start * order + start
      for index in 0..<count {
        let row = rows + index * order + start
        for column in 0..<width {
          let line = corner + column * order
          row[column] /= line[column]
          guard column + 1 < width else { continue }
          MatrixProduct.kernels.add_multiple(
            -row[column], line + column + 1, row + column + 1, width - column - 1)
        }
      }
      let rest = order - start - width
      guard rest > 0 else { continue }
      PackedMatrix(corner + width, stride: order, inner: width, columns: rest, factor: -1).multiply(
        rows + start, row: order, step: 1, rows: count, rows + start + width, resultRow: order,
        accumulates: true)
    }
  }

  /// xRᵀ = y, in place.
  func solveTransposed(_ rows: UnsafeMutablePointer<Float>, count: Int) {
    let last = (order - 1) / Self.blockSize * Self.blockSize
    for start in stride(from: last, through: 0, by: -Self.blockSize) {
      let width = min(Self.blockSize, order - start)
      let corner = factor + start * order + start
      for index in 0..<count {
        let row = rows + index * order + start
        for column in stride(from: width - 1, through: 0, by: -1) {
          let line = corner + column * order
          let behind = MatrixProduct.kernels.dot(
            line + column + 1, row + column + 1, width - column - 1)
          row[column] = (row[column] - behind) / line[column]
        }
      }
      guard start > 0 else { continue }
      PackedMatrix(
        factor + start, stride: order, transposed: true, inner: width, columns: start, factor: -1
      ).multiply(
        rows + start, row: order, step: 1, rows: count, rows, resultRow: order, accumulates: true)
    }
  }
}
