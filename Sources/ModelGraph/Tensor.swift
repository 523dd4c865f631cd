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

  /// Makes a tensor.
  public init(
    name: String, shape: Shape, elementType: ElementType,
    quantization: QuantizationParameters? = nil, constant: [UInt8]? = nil, isVariable: Bool = false
  ) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.quantization = quantization
    self.constant = constant
    self.isVariable = isVariable
  }

  /// Bytes that its elements take.
  public var byteCount: Int { elementType.byteCount(of: shape.elementCount) }
}
