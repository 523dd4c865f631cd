// SPDX-License-Identifier: Apache-2.0

/// Writes the values that determine a graph's hash, without ambiguity: every number has eight bytes,
/// little-endian; every list and every string is led by its length.
struct CanonicalEncoder {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: Int) {
    withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Float) { append(Int(value.bitPattern)) }

  mutating func append(_ values: [Int]) {
    append(values.count)
    for value in values { append(value) }
  }

  mutating func append(_ value: String) { append(Array(value.utf8)) }

  mutating func append(_ value: [UInt8]) {
    append(value.count)
    bytes += value
  }

  /// Shape, type and quantization of a tensor: all but its name and its bytes.
  mutating func append(signatureOf tensor: Tensor) {
    append(tensor.elementType.rawValue)
    append(tensor.shape.rank)
    for dimension in tensor.shape.dimensions { append(dimension) }
    append(tensor.isVariable ? 1 : 0)
    guard let quantization = tensor.quantization else {
      append(0)
      return
    }
    append(quantization.scales.count)
    for scale in quantization.scales { append(scale) }
    for zeroPoint in quantization.zeroPoints { append(zeroPoint) }
    append(quantization.isPerTensor ? 0 : quantization.axis)
  }
}
