// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// Products of dense row-major matrices.
enum MatrixProduct {
  /// The functions for this processor, which never change.
  nonisolated(unsafe) static let kernels = shunt_matrix_kernels().pointee

  /// Rows times a square matrix.
  ///
  /// - Parameters:
  ///   - rows: A multiple of `columns` values.
  ///   - matrix: columns * columns values.
  static func rows(_ rows: [Float], times matrix: [Float], columns: Int) -> [Float] {
    var product = [Float](repeating: 0, count: rows.count)
    guard columns > 0, !rows.isEmpty else { return product }
    if rows.count == columns {
      // The matrices here are symmetric or belong to many rows; a single row takes the cheap way.
      addRow(rows, times: matrix, to: &product)
      return product
    }
    let packed = PackedMatrix(matrix, stride: columns, inner: columns, columns: columns)
    rows.withUnsafeBufferPointer { rows in
      product.withUnsafeMutableBufferPointer { product in
        guard let a = rows.baseAddress, let c = product.baseAddress else { return }
        packed.multiply(a, row: columns, step: 1, rows: rows.count / columns, c, resultRow: columns)
      }
    }
    return product
  }

  private static func addRow(_ row: [Float], times matrix: [Float], to product: inout [Float]) {
    matrix.withUnsafeBufferPointer { matrix in
      product.withUnsafeMutableBufferPointer { product in
        guard let base = matrix.baseAddress, let target = product.baseAddress else { return }
        for (index, value) in row.enumerated() where value != 0 {
          kernels.add_multiple(value, base + index * row.count, target, row.count)
        }
      }
    }
  }
}

/// The right factor of products, laid out for them.
struct PackedMatrix: ~Copyable {
  private let floats: UnsafeMutablePointer<Float>
  private let inner: Int
  private let columns: Int

  /// Packs a matrix.
  ///
  /// - Parameters:
  ///   - matrix: [inner, columns], or [columns, inner] if `transposed`.
  ///   - stride: Floats from row to row as it lies.
  ///   - factor: What every element is multiplied by.
  init(
    _ matrix: UnsafePointer<Float>, stride: Int, transposed: Bool = false, inner: Int, columns: Int,
    factor: Float = 1
  ) {
    self.inner = inner
    self.columns = columns
    floats = .allocate(capacity: max(1, shunt_matrix_packed_count(inner, columns)))
    MatrixProduct.kernels.pack(matrix, stride, transposed, inner, columns, factor, floats)
  }

  deinit { floats.deallocate() }

  /// `result = a * self`, or added to it.
  ///
  /// - Parameters:
  ///   - a: Element (i, k) at i * row + k * step, one of which is 1.
  ///   - upperTriangle: Whether only elements on and above the diagonal matter.
  func multiply(
    _ a: UnsafePointer<Float>, row: Int, step: Int, rows: Int,
    _ result: UnsafeMutablePointer<Float>, resultRow: Int, accumulates: Bool = false,
    upperTriangle: Bool = false
  ) {
    var product = shunt_matrix_product_t()
    product.a = a
    product.packed_b = UnsafePointer(floats)
    product.c = result
    (product.rows, product.columns, product.inner) = (rows, columns, inner)
    (product.a_row, product.a_step) = (row, step)
    product.segment = inner
    product.c_row = resultRow
    (product.lower, product.upper) = (-.infinity, .infinity)
    (product.accumulates, product.upper_triangle) = (accumulates, upperTriangle)
    MatrixProduct.kernels.multiply(&product)
  }
}
