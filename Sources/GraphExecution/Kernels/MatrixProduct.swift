// SPDX-License-Identifier: Apache-2.0
internal import COpenBLAS

/// Matrix products by OpenBLAS on one thread: rows are what runs in parallel here, and the order of a
/// sum must not depend on the number of threads.
enum MatrixProduct {
  /// Keeps OpenBLAS on one thread; evaluated once.
  private static let isSingleThreaded: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// Has to be called before the first product, at planning.
  static func prepare() { _ = isSingleThreaded }

  /// `result = a * transpose(b)`, or with `b` as it lies.
  ///
  /// - Parameters:
  ///   - a: [rows, inner], `aStride` floats from row to row; transposed in storage if `transposesA`.
  ///   - b: [columns, inner] if `transposesB`, else [inner, columns].
  ///   - result: [rows, columns].
  @inline(__always)
  static func multiply(
    _ a: UnsafePointer<Float>, aStride: Int, transposesA: Bool = false, _ b: UnsafePointer<Float>,
    bStride: Int, transposesB: Bool = true, _ result: UnsafeMutablePointer<Float>,
    resultStride: Int, rows: Int, columns: Int, inner: Int, accumulates: Bool = false
  ) {
    cblas_sgemm(
      CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans,
      transposesB ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1,
      a, blasint(aStride), b, blasint(bStride), accumulates ? 1 : 0, result, blasint(resultStride))
  }

  /// `result = matrix * vector` for a matrix [rows, columns].
  @inline(__always)
  static func multiply(
    _ matrix: UnsafePointer<Float>, by vector: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, accumulates: Bool = false
  ) {
    cblas_sgemv(
      CblasRowMajor, CblasNoTrans, blasint(rows), blasint(columns), 1, matrix, blasint(columns),
      vector, 1, accumulates ? 1 : 0, result, 1)
  }
}
