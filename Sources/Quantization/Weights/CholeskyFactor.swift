// SPDX-License-Identifier: Apache-2.0
internal import COpenBLAS

/// The upper triangle R with H = RᵀR of a symmetric positive definite matrix.
struct CholeskyFactor: Sendable {
  /// How many rows and columns the matrix has.
  let order: Int
  /// R, row-major; what lies below the diagonal is zero.
  let upper: [Float]

  /// Factors a symmetric matrix; `nil` if it is not positive definite in double precision.
  ///
  /// - Parameter matrix: order * order values, row-major; only the upper triangle is read.
  init?(_ matrix: [Float], order: Int) {
    var work = matrix.map { Double($0) }
    let isPositive = work.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return order == 0 }
      return Self.factor(base, order: order)
    }
    guard isPositive else { return nil }
    self.order = order
    var upper = [Float](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in row..<order { upper[row * order + column] = Float(work[row * order + column]) }
    }
    self.upper = upper
  }

  /// Solves xH = b for each row b, in place.
  ///
  /// - Parameter rows: A multiple of ``order`` values.
  func solve(rows: inout [Float]) {
    guard order > 0, !rows.isEmpty else { return }
    let count = blasint(rows.count / order)
    for transposition in [CblasNoTrans, CblasTrans] {
      cblas_strsm(
        CblasRowMajor, CblasRight, CblasUpper, transposition, CblasNonUnit, count, blasint(order),
        1, upper, blasint(order), &rows, blasint(order))
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

  /// Factors in place, block by block: diagonal block, the rows right of it, what remains below.
  private static func factor(_ a: UnsafeMutablePointer<Double>, order n: Int) -> Bool {
    let blockSize = 48
    for start in stride(from: 0, to: n, by: blockSize) {
      let width = min(blockSize, n - start)
      let corner = a + start * n + start
      guard factorBlock(corner, size: width, stride: n) else { return false }
      let rest = n - start - width
      guard rest > 0 else { continue }
      let right = corner + width
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit, blasint(width),
        blasint(rest), 1, corner, blasint(n), right, blasint(n))
      cblas_dsyrk(
        CblasRowMajor, CblasUpper, CblasTrans, blasint(rest), blasint(width), -1, right,
        blasint(n), 1, corner + width * n + width, blasint(n))
    }
    return true
  }

  private static func factorBlock(
    _ a: UnsafeMutablePointer<Double>, size: Int, stride: Int
  ) -> Bool {
    for k in 0..<size {
      let pivot = a[k * stride + k]
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      a[k * stride + k] = root
      for column in k + 1..<max(size, k + 1) { a[k * stride + column] /= root }
      for row in k + 1..<max(size, k + 1) {
        let factor = a[k * stride + row]
        for column in row..<size { a[row * stride + column] -= factor * a[k * stride + column] }
      }
    }
    return true
  }
}
