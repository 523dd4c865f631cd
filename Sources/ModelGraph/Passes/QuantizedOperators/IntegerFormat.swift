// SPDX-License-Identifier: Apache-2.0

/// How an activation's integers stand for reals: their type, and one scale and zero point.
struct IntegerFormat: Hashable {
  var type: ElementType
  var scale: Float
  var zeroPoint: Int

  /// Makes a format.
  init(_ type: ElementType, scale: Float, zeroPoint: Int) {
    self.type = type
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// The format of a tensor; `nil` for floats, for scales along a dimension, and for types that no
  /// activation has.
  init?(_ tensor: Tensor) {
    let types: [ElementType] = [.int8, .uint8, .int16]
    guard types.contains(tensor.elementType), let quantization = tensor.quantization,
      quantization.isPerTensor
    else { return nil }
    self.init(
      tensor.elementType, scale: quantization.scale, zeroPoint: quantization.zeroPoint)
  }

  /// As a tensor states it.
  var quantization: QuantizationParameters {
    QuantizationParameters(scale: scale, zeroPoint: zeroPoint)
  }

  /// The same reals as int8, if this is uint8.
  var signed: IntegerFormat {
    type == .uint8 ? IntegerFormat(.int8, scale: scale, zeroPoint: zeroPoint - 128) : self
  }

  /// The reals that it can stand for.
  var range: ClosedRange<Float> {
    let integers = type.quantizedRange ?? 0...0
    return scale * Float(integers.lowerBound - zeroPoint)
      ... scale * Float(integers.upperBound - zeroPoint)
  }

  /// The integer nearest to a real.
  func quantize(_ real: Double) -> Int {
    let integers = type.quantizedRange ?? 0...0
    let scaled = (real / Double(scale)).rounded() + Double(zeroPoint)
    guard scaled > Double(integers.lowerBound) else { return integers.lowerBound }
    return scaled < Double(integers.upperBound) ? Int(scaled) : integers.upperBound
  }

  /// Integers as a tensor's bytes.
  func bytes(of integers: [Int]) -> [UInt8] {
    type.bytes(of: integers)
  }

  /// The format in which a constant loses least: its range, widened to contain 0; around 0 for int16.
  init(covering reals: [Double], type: ElementType) {
    let (least, most) = (min(reals.min() ?? 0, 0), max(reals.max() ?? 0, 0))
    if type == .int16 {
      let reach = max(-least, most)
      self.init(type, scale: Float(reach > 0 ? reach / 32767 : 1), zeroPoint: 0)
    } else {
      let scale = Float(most > least ? (most - least) / 255 : 1)
      let zeroPoint = -128 - (least / Double(scale)).rounded()
      self.init(type, scale: scale, zeroPoint: Int(min(max(zeroPoint, -128), 127)))
    }
  }
}

extension ElementType {
  /// Integers of this type as a tensor's bytes, little-endian; they wrap to its width.
  func bytes(of integers: [Int]) -> [UInt8] {
    let width = bitWidth / 8
    return integers.flatMap { value in
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }
}
