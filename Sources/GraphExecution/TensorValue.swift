// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// A tensor's elements in the host's memory, as they enter and leave float inference.
public struct TensorValue: Sendable, Hashable {
  /// The dimensions.
  public var shape: Shape
  /// The type of the elements.
  public var elementType: ElementType
  /// The elements, little-endian, densely packed, last dimension fastest.
  public var bytes: [UInt8]

  /// Takes elements of any type.
  ///
  /// - Parameter bytes: As many as shape and type need.
  public init(shape: Shape, elementType: ElementType, bytes: [UInt8]) {
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
  }

  /// Takes floats.
  ///
  /// - Parameter floats: As many as the shape has elements.
  public init(shape: Shape, floats: [Float]) {
    self.init(
      shape: shape, elementType: .float32, bytes: floats.withUnsafeBytes { [UInt8]($0) })
  }

  /// The elements of a float32 tensor; `nil` for other types.
  public var floats: [Float]? {
    guard elementType == .float32, bytes.count == elementType.byteCount(of: shape.elementCount)
    else { return nil }
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }
}
