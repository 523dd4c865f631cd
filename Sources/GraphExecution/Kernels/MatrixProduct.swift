// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// Matrix products on one thread: rows of data are what runs in parallel here.
enum MatrixProduct {
  /// The functions for this processor, which never change.
  nonisolated(unsafe) static let kernels = shunt_matrix_kernels().pointee

  /// Floats that a matrix [inner, columns] takes when packed.
  static func packedCount(inner: Int, columns: Int) -> Int {
    shunt_matrix_packed_count(inner, columns)
  }

  /// Packs the right factor of a product.
  ///
  /// - Parameters:
  ///   - matrix: [columns, inner] if `transposed`, else [inner, columns], `stride` floats from row to
  ///     row.
  ///   - packed: ``packedCount(inner:columns:)`` floats.
  @inline(__always)
  static func pack(
    _ matrix: UnsafePointer<Float>, stride: Int, transposed: Bool, inner: Int, columns: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    kernels.pack(matrix, stride, transposed, inner, columns, 1, packed)
  }

  /// `result = a * b`
  ///
  /// - Parameters:
  ///   - a: [rows, inner], `aStride` floats from row to row; transposed in storage if `transposesA`.
  ///   - packed: b.
  ///   - result: [rows, columns].
  @inline(__always)
  static func multiply(
    _ a: UnsafePointer<Float>, aStride: Int, transposesA: Bool = false,
    packed: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, resultStride: Int,
    rows: Int, columns: Int, inner: Int, bias: UnsafePointer<Float>? = nil,
    limits: ValueLimits = .none
  ) {
    var product = shunt_matrix_product_t()
    product.a = a
    product.packed_b = packed
    product.c = result
    product.bias = bias
    (product.rows, product.columns, product.inner) = (rows, columns, inner)
    (product.a_row, product.a_step) = transposesA ? (1, aStride) : (aStride, 1)
    product.segment = inner
    product.c_row = resultStride
    (product.lower, product.upper) = (limits.lower, limits.upper)
    kernels.multiply(&product)
  }

  /// `result = matrix * vector` for a matrix [rows, columns].
  @inline(__always)
  static func multiply(
    _ matrix: UnsafePointer<Float>, by vector: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, accumulates: Bool = false
  ) {
    kernels.multiply_vector(matrix, vector, rows, columns, accumulates, result)
  }
}
