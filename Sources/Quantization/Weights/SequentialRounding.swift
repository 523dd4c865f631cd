// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// Rounds the columns of a row one after the other against a factored Hessian.
struct SequentialRounding: Sendable {
  private let factor: CholeskyFactor
  /// The column at each place of the factor; the last is rounded first.
  private let order: [Int]
  private let inverseDiagonal: [Float]

  /// Factors a regularized Hessian; `nil` if no damping makes it positive definite.
  ///
  /// The columns that cost most are rounded first, so that all others can make good for them.
  init?(_ hessian: Hessian) {
    let diagonal = hessian.diagonal
    order = diagonal.indices.sorted { (diagonal[$0], $0) < (diagonal[$1], $1) }
    let permuted = hessian.permuted(order)
    let dampings: [Float] = [0, 1e-4, 1e-3, 1e-2, 0.1, 1]
    for damping in dampings {
      let matrix = damping == 0 ? permuted : permuted.regularized(damping: damping)
      if let factor = CholeskyFactor(matrix.values, order: matrix.columns) {
        self.factor = factor
        inverseDiagonal = (0..<factor.order).map { 1 / factor.upper[$0 * (factor.order + 1)] }
        return
      }
    }
    return nil
  }

  /// The effective integers of one row.
  func round(_ row: ArraySlice<Float>, lattice: RowLattice) -> [Int8] {
    let count = order.count
    var integers = [Int8](repeating: 0, count: count)
    // What is left over of the weights already rounded, in the factor's order.
    var remainders = [Float](repeating: 0, count: count)
    factor.upper.withUnsafeBufferPointer { upper in
      remainders.withUnsafeMutableBufferPointer { remainders in
        guard let upper = upper.baseAddress, let remainder = remainders.baseAddress else { return }
        for place in stride(from: count - 1, through: 0, by: -1) {
          let column = order[place]
          let weight = row[row.startIndex + column]
          let carried = MatrixProduct.kernels.dot(
            upper + place * count + place + 1, remainder + place + 1, count - 1 - place)
          let target = weight + carried * inverseDiagonal[place]
          let element = lattice.element(nearest: target, column: column)
          integers[column] = Int8(element * lattice.multipliers[column])
          remainder[place] = weight - element * lattice.steps[column]
        }
      }
    }
    return integers
  }
}
