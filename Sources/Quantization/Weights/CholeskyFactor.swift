// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// The upper triangle R with H = RᵀR of a symmetric positive definite matrix.
struct CholeskyFactor: Sendable {
  /// How many rows and columns the matrix has.
  let order: Int
  /// R, row-major; what lies below the diagonal is zero.
  let upper: [Float]

  /// Factors a symmetric matrix; `nil` if it is not positive definite in single precision.
  ///
  /// - Parameter matrix: order * order values, row-major; only the upper triangle is read.
  init?(_ matrix: [Float], order: Int) {
    var work = matrix
    let isPositive = work.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return order == 0 }
      return Self.factor(base, order: order)
    }
    guard isPositive else { return nil }
    self.order = order
    for row in 1..<max(order, 1) {
      for column in 0..<row { work[row * order + column] = 0 }
    }
    upper = work
  }

  /// Solves xH = b for each row b, in place.
  ///
  /// - Parameter rows: A multiple of ``order`` values.
  func solve(rows: inout [Float]) {
    guard order > 0, !rows.isEmpty else { return }
    let count = rows.count / order
    upper.withUnsafeBufferPointer { upper in
      rows.withUnsafeMutableBufferPointer { rows in
        guard let factor = upper.baseAddress, let target = rows.baseAddress else { return }
        let solver = TriangularSolver(factor: factor, order: order)
        solver.solveUpper(target, count: count)
        solver.solveTransposed(target, count: count)
      }
    }
  }

  /// vᵀHv = |Rv|².
  func squareNorm(_ vector: [Float]) -> Float {
    var sum: Float = 0
    for row in 0..<order {
      var value: Float = 0
      for column in row..<order { value += upper[row * order + column] * vector[column] }
      sum += value * value
    }
    return sum
  }

  /// Rounds a small vector to multiples of a step, from the last element to the first, each at the point
  /// that is best for those behind it.
  ///
  /// - Parameters:
  ///   - step: Zero or more.
  ///   - limit: Stops when the loss reaches this.
  /// - Returns: The multiples, and their vᵀHv of what is left over.
  func sequentiallyRounded(
    _ target: [Float], step: Float, within lower: Float, _ upperBound: Float, limit: Float
  ) -> ([Float], Float) {
    var multiples = [Float](repeating: 0, count: order)
    var remainders = multiples
    var loss: Float = 0
    let inverse = step > 0 ? 1 / step : 0
    for place in stride(from: order - 1, through: 0, by: -1) {
      let row = place * order
      var carried: Float = 0
      for other in place + 1..<max(order, place + 1) {
        carried += upper[row + other] * remainders[other]
      }
      let pivot = upper[row + place]
      let wanted = (target[place] + carried / pivot) * inverse
      multiples[place] = wanted.rounded(within: lower, upperBound)
      remainders[place] = target[place] - multiples[place] * step
      let residue = pivot * remainders[place] + carried
      loss += residue * residue
      if loss >= limit { break }
    }
    return (multiples, loss)
  }

  /// Factors in place, block by block: the block's rows, then what they take from all below.
  private static func factor(_ a: UnsafeMutablePointer<Float>, order n: Int) -> Bool {
    for start in stride(from: 0, to: n, by: TriangularSolver.blockSize) {
      let width = min(TriangularSolver.blockSize, n - start)
      guard factorRows(a + start * n + start, count: width, length: n - start, stride: n) else {
        return false
      }
      let rest = n - start - width
      guard rest > 0 else { continue }
      let right = a + start * n + start + width
      PackedMatrix(right, stride: n, inner: width, columns: rest, factor: -1).multiply(
        right, row: 1, step: n, rows: rest, right + width * n, resultRow: n, accumulates: true,
        upperTriangle: true)
    }
    return true
  }

  /// The first rows of a matrix, from the diagonal to their ends.
  private static func factorRows(
    _ a: UnsafeMutablePointer<Float>, count: Int, length: Int, stride: Int
  ) -> Bool {
    for k in 0..<count {
      let row = a + k * stride
      let pivot = row[k]
      guard pivot > 0, pivot.isFinite else { return false }
      let inverse = 1 / pivot.squareRoot()
      for column in k..<length { row[column] *= inverse }
      for below in k + 1..<max(count, k + 1) {
        MatrixProduct.kernels.add_multiple(
          -row[below], row + below, a + below * stride + below, length - below)
      }
    }
    return true
  }
}
