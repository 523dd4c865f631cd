// SPDX-License-Identifier: Apache-2.0

extension NumpyArray {
  /// Makes an array of float32.
  ///
  /// Returns `nil` if there are not as many values as the shape says.
  public init?(shape: [Int], floats: [Float]) {
    self.init(
      shape: shape, elementKind: .float32, bytes: Self.littleEndian(floats.map(\.bitPattern)))
  }

  /// Makes an array of int8.
  ///
  /// Returns `nil` if there are not as many values as the shape says.
  public init?(shape: [Int], int8 values: [Int8]) {
    self.init(shape: shape, elementKind: .int8, bytes: values.map(UInt8.init(bitPattern:)))
  }

  /// All elements as integers; `nil` for arrays of floats.
  public var integers: [Int]? {
    switch elementKind {
    case .int8: bytes.map { Int(Int8(bitPattern: $0)) }
    case .uint8, .bool: bytes.map { Int($0) }
    case .int16: load(Int16.self).map { Int($0) }
    case .int32: load(Int32.self).map { Int($0) }
    case .int64: load(Int64.self).map { Int($0) }
    case .float32, .float64: nil
    }
  }

  /// All elements as float32, rounded to nearest; `nil` for arrays of integers.
  public var floats: [Float]? {
    switch elementKind {
    case .float32: load(UInt32.self).map { Float(bitPattern: $0) }
    case .float64: load(UInt64.self).map { Float(Double(bitPattern: $0)) }
    default: nil
    }
  }

  private func load<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value] {
    bytes.withUnsafeBytes { buffer in
      (0..<elementCount).map {
        Value(
          littleEndian: buffer.loadUnaligned(
            fromByteOffset: $0 * MemoryLayout<Value>.size, as: Value.self))
      }
    }
  }

  static func littleEndian<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}
