// SPDX-License-Identifier: Apache-2.0
internal import COpenBLAS

/// Products of dense row-major matrices.
enum MatrixProduct {
  /// Rows times a square matrix.
  ///
  /// - Parameters:
  ///   - rows: A multiple of `columns` values.
  ///   - matrix: columns * columns values.
  static func rows(_ rows: [Float], times matrix: [Float], columns: Int) -> [Float] {
    var product = [Float](repeating: 0, count: rows.count)
    guard columns > 0, !rows.isEmpty else { return product }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows.count / columns), blasint(columns),
      blasint(columns), 1, rows, blasint(columns), matrix, blasint(columns), 0, &product,
      blasint(columns))
    return product
  }
}
