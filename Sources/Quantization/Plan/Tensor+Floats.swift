// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

extension Tensor {
  /// The elements of a constant of float32.
  var floats: [Float]? {
    guard elementType == .float32, let constant, constant.count == byteCount else { return nil }
    return constant.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count, by: 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
  }
}

/// Integers or floats as a tensor's bytes.
func littleEndianBytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(values.count * (values.first?.bitWidth ?? 8) / 8)
  for value in values {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  return bytes
}
