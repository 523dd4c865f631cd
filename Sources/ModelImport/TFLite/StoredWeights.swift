// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A constant in float16 or quantized integers, and the floats that it stands for.
struct StoredWeights {
  private let tensor: Tensor
  private let bytes: [UInt8]

  /// - Returns: `nil` if bytes, scales and shape contradict each other, or a scale is not positive and
  ///   finite.
  init?(_ tensor: Tensor) {
    guard let bytes = tensor.constant, bytes.count == tensor.byteCount else { return nil }
    if let quantization = tensor.quantization {
      let count = quantization.scales.count
      guard count >= 1, quantization.zeroPoints.count == count,
        quantization.scales.allSatisfy({ $0.isFinite && $0 > 0 })
      else { return nil }
      if count > 1 {
        let dimensions = tensor.shape.dimensions
        guard dimensions.indices.contains(quantization.axis), dimensions[quantization.axis] == count
        else { return nil }
      }
    } else if tensor.elementType != .float16 {
      return nil
    }
    self.tensor = tensor
    self.bytes = bytes
  }

  /// The elements; `nil` for a type that stands for no floats.
  var floats: [Float]? {
    let count = tensor.shape.elementCount
    if tensor.elementType == .float16 {
      return (0..<count).map { Float(Float16(bitPattern: UInt16(integer(2, $0) & 0xFFFF))) }
    }
    guard let quantization = tensor.quantization, let element = element else { return nil }
    let channels = quantization.scales.count
    // Elements from one index of the axis to the next.
    let run =
      channels == 1 ? 1 : tensor.shape.dimensions.dropFirst(quantization.axis + 1).reduce(1, *)
    return (0..<count).map { index in
      let channel = channels == 1 ? 0 : index / run % channels
      let difference = element(index).subtractingReportingOverflow(quantization.zeroPoints[channel])
      return Float(difference.partialValue) * quantization.scales[channel]
    }
  }

  /// Reads one integer.
  private var element: ((Int) -> Int)? {
    switch tensor.elementType {
    case .int4:
      { index in
        let half = bytes[index / 2] >> (index.isMultiple(of: 2) ? 0 : 4) & 0xF
        return half < 8 ? Int(half) : Int(half) - 16
      }
    case .int8: { Int(Int8(bitPattern: bytes[$0])) }
    case .uint8: { Int(bytes[$0]) }
    case .int16: { Int(Int16(truncatingIfNeeded: integer(2, $0))) }
    case .int32: { Int(Int32(truncatingIfNeeded: integer(4, $0))) }
    case .float32, .float16, .int64, .bool: nil
    }
  }

  /// The little-endian bytes of an element.
  private func integer(_ width: Int, _ index: Int) -> Int {
    (0..<width).reduce(0) { $0 | Int(bytes[width * index + $1]) << (8 * $1) }
  }
}
