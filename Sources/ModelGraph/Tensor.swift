// SPDX-License-Identifier: Apache-2.0

/// A tensor: an activation, a constant, or a state variable.
public struct Tensor: Sendable {
  /// The name that the model's author gave it; need not be unique.
  public var name: String
  /// Its dimensions.
  public var shape: Shape
  /// The type of its elements.
  public var elementType: ElementType
  /// How its integers stand for reals; `nil` for floats and for plain integers.
  public var quantization: QuantizationParameters?
  /// Its bytes, little-endian, densely packed, if its value is known ahead of time.
  public var constant: [UInt8]?
  /// Whether it keeps its value from one inference to the next.
  public var isVariable: Bool
  /// The bytes that a variable has before the first inference, little-endian, densely packed; `nil`
  /// for zeros, and for tensors that are no variables.
  public var initialValue: [UInt8]?

  /// Makes a tensor.
  public init(
    name: String, shape: Shape, elementType: ElementType,
    quantization: QuantizationParameters? = nil, constant: [UInt8]? = nil,
    isVariable: Bool = false, initialValue: [UInt8]? = nil
  ) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.quantization = quantization
    self.constant = constant
    self.isVariable = isVariable
    self.initialValue = initialValue
  }

  /// Its elements, if it is a constant of int32 or int64 with as many bytes as its shape says.
  public var integers: [Int]? {
    guard let constant, constant.count == byteCount else { return nil }
    return constant.withUnsafeBytes { raw in
      switch elementType {
      case .int32:
        stride(from: 0, to: raw.count, by: 4).map {
          Int(Int32(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int32.self)))
        }
      case .int64:
        stride(from: 0, to: raw.count, by: 8).map {
          Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
        }
      default: nil
      }
    }
  }

  /// Bytes that its elements take.
  public var byteCount: Int { elementType.byteCount(of: shape.elementCount) }
}
