// SPDX-License-Identifier: Apache-2.0

/// One operator, prepared: its geometry is worked out, running it allocates nothing.
protocol Kernel: Sendable {
  /// Bytes of ``TensorMemory/scratch`` that it needs.
  var scratchByteCount: Int { get }
  /// The filter that it wants packed as ``TensorMemory/packedFilter``, if any.
  var packing: FilterPacking? { get }
  /// Computes the outputs from the inputs.
  func run(_ memory: TensorMemory)
}

/// A tensor that is the right factor of a kernel's matrix products, and how it lies.
struct FilterPacking: Sendable {
  var filter: TensorSlot
  /// Independent products, whose filters lie one behind the other.
  var groups = 1
  var inner: Int
  /// Columns of one product.
  var columns: Int
  /// Whether the filter is [columns, inner] instead of [inner, columns].
  var isTransposed = true

  /// Floats of one packed group.
  var groupCount: Int { MatrixProduct.packedCount(inner: inner, columns: columns) }
  var byteCount: Int { 4 * groups * groupCount }

  /// The filter's values, packed.
  func packed(_ values: AlignedBuffer) -> AlignedBuffer {
    let result = AlignedBuffer(byteCount: byteCount)
    pack(
      values.base.assumingMemoryBound(to: Float.self),
      into: result.base.assumingMemoryBound(to: Float.self))
    return result
  }

  /// Packs the filter's values.
  func pack(_ values: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    for group in 0..<groups {
      MatrixProduct.pack(
        values + group * inner * columns, stride: isTransposed ? inner : columns,
        transposed: isTransposed, inner: inner, columns: columns, into: target + group * groupCount)
    }
  }
}

extension Kernel {
  var scratchByteCount: Int { 0 }
  var packing: FilterPacking? { nil }
}
