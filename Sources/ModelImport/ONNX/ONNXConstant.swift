// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A tensor whose elements are known while the file is read: an initializer, or what follows from some.
///
/// It is not yet part of the graph (``ONNXGraphBuilder/tensor(of:)`` puts it there), so it may be empty
/// and have any element type that ``ElementType`` knows.
final class ONNXConstant: Sendable {
  /// The type of the stored elements. Half-precision and double-precision floats are float32 here.
  let elementType: ElementType
  /// The dimensions, each at least 0.
  let dimensions: [Int]
  /// The stored elements, little-endian; each int4 in a byte of its own, sign extended.
  let bytes: [UInt8]
  /// How the stored integers stand for reals, if the constant means these reals: its value is then
  /// float32, as behind a DequantizeLinear of a constant, and the integers are kept.
  let quantization: QuantizationParameters?
  /// The number of its type in the file, if that is one that tensors of a graph cannot have.
  let fileType: Int?

  /// Makes a constant; `bytes` must have as many elements as `dimensions` say.
  init(
    _ elementType: ElementType, _ dimensions: [Int], bytes: [UInt8],
    quantization: QuantizationParameters? = nil, fileType: Int? = nil
  ) {
    self.elementType = elementType
    self.dimensions = dimensions
    self.bytes = bytes
    self.quantization = quantization
    self.fileType = fileType.flatMap { ONNXElementTypes.isOfConstantsOnly($0) ? $0 : nil }
  }

  /// Makes a float32 constant.
  convenience init(floats: [Float], _ dimensions: [Int]) {
    self.init(.float32, dimensions, bytes: floats.flatMap { Self.bytes(of: $0.bitPattern) })
  }

  /// Makes a constant of an integer type or truth values; elements wrap to the type's width.
  convenience init(
    integers: [Int], _ dimensions: [Int], type: ElementType = .int64, fileType: Int? = nil
  ) {
    let width = Self.storedBytes(of: type)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(integers.count * width)
    for value in integers {
      for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
    self.init(type, dimensions, bytes: bytes, fileType: fileType)
  }

  /// The type of its value.
  var type: ElementType { quantization == nil ? elementType : .float32 }

  /// How many elements it has.
  var count: Int { bytes.count / elementBytes }

  /// Bytes that one stored element takes.
  var elementBytes: Int { Self.storedBytes(of: elementType) }

  /// Its elements, if its value is of an integer type or truth values (0 and 1).
  var integers: [Int]? { quantization == nil ? storedIntegers : nil }

  /// Its elements, if its value is float32.
  var floats: [Float]? {
    if quantization != nil { return dequantized }
    guard elementType == .float32 else { return nil }
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    }
  }

  /// Its only element, if it has one and is of an integer type.
  var integer: Int? { count == 1 ? integers?.first : nil }

  /// Its only element, if it has one and is float32.
  var float: Float? { count == 1 ? floats?.first : nil }

  /// The stored elements, if they are integers or truth values.
  var storedIntegers: [Int]? {
    bytes.withUnsafeBytes { raw in
      switch elementType {
      case .int4, .int8: raw.map { Int(Int8(bitPattern: $0)) }
      case .uint8, .bool: raw.map { Int($0) }
      case .int16: Self.load(raw, as: Int16.self)
      case .int32: Self.load(raw, as: Int32.self)
      case .int64: Self.load(raw, as: Int64.self)
      case .float32, .float16: nil
      }
    }
  }

  /// The elements as tensors of a graph have them: two int4 share a byte.
  var packedBytes: [UInt8] {
    guard elementType == .int4 else { return bytes }
    return stride(from: 0, to: bytes.count, by: 2).map { index in
      let high = index + 1 < bytes.count ? bytes[index + 1] << 4 : 0
      return bytes[index] & 0xF | high
    }
  }

  /// Bytes that one element of a type takes in ``bytes``.
  static func storedBytes(of type: ElementType) -> Int { max(1, type.bitWidth / 8) }
}

extension ONNXConstant {
  private var dequantized: [Float]? {
    guard let quantization, let integers = storedIntegers else { return nil }
    if quantization.isPerTensor {
      return integers.map { quantization.scale * Float($0 - quantization.zeroPoint) }
    }
    let inner = dimensions[(quantization.axis + 1)...].reduce(1, *)
    return integers.enumerated().map { position, value in
      let channel = position / inner % quantization.scales.count
      return quantization.scales[channel] * Float(value - quantization.zeroPoints[channel])
    }
  }

  private static func load<Value: FixedWidthInteger>(
    _ raw: UnsafeRawBufferPointer, as type: Value.Type
  ) -> [Int] {
    (0..<raw.count / MemoryLayout<Value>.size).map { index in
      let stored = raw.loadUnaligned(
        fromByteOffset: index * MemoryLayout<Value>.size, as: Value.self)
      return Int(truncatingIfNeeded: Value(littleEndian: stored))
    }
  }

  private static func bytes(of pattern: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
  }
}
