// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  /// The integers of a constant; `nil` for floats, truth values and tensors without a value.
  var storedIntegers: [Int]? {
    guard let constant, constant.count == byteCount else { return nil }
    switch elementType {
    case .int8: return constant.map { Int(Int8(bitPattern: $0)) }
    case .uint8: return constant.map { Int($0) }
    case .int4:
      return (0..<shape.elementCount).map { index in
        let nibble = Int(constant[index / 2] >> (index.isMultiple(of: 2) ? 0 : 4) & 15)
        return nibble > 7 ? nibble - 16 : nibble
      }
    case .int16:
      return stride(from: 0, to: constant.count, by: 2).map {
        Int(Int16(truncatingIfNeeded: Int(constant[$0]) | Int(constant[$0 + 1]) << 8))
      }
    case .int32, .int64: return integers
    case .float32, .float16, .bool: return nil
    }
  }

  /// The reals that a quantized constant stands for; `nil` without scale or value.
  var dequantizedConstant: [Double]? {
    guard let quantization, let integers = storedIntegers else { return nil }
    return integers.enumerated().map { position, value in
      let channel = channel(of: position)
      return Double(quantization.scales[channel])
        * Double(value - quantization.zeroPoints[channel])
    }
  }

  /// The reals of a constant, quantized or float32.
  var realConstant: [Double]? {
    if quantization != nil { return dequantizedConstant }
    guard elementType == .float32, let constant, constant.count == byteCount else { return nil }
    return constant.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        Double(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self))
      }
    }
  }

  /// Which of the scales counts for an element.
  private func channel(of position: Int) -> Int {
    guard let quantization, !quantization.isPerTensor else { return 0 }
    let inner = shape.dimensions[(quantization.axis + 1)...].reduce(1, *)
    return position / inner % quantization.scales.count
  }
}
