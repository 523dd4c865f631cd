// SPDX-License-Identifier: Apache-2.0

/// An array as `.npy` files hold it: in C order (last dimension fastest), little-endian.
///
/// Source: NumPy Enhancement Proposal 1, format versions 1.0, 2.0 and 3.0.
public struct NumpyArray: Hashable, Sendable {
  /// Its dimensions, outermost first; a dimension may be 0.
  public let shape: [Int]
  /// The type of its elements.
  public let elementKind: ElementKind
  /// Its elements, densely packed.
  public let bytes: [UInt8]

  /// Makes an array.
  ///
  /// Returns `nil` if a dimension is negative or `bytes` is not as long as shape and type say.
  public init?(shape: [Int], elementKind: ElementKind, bytes: [UInt8]) {
    guard Self.byteCount(shape, elementKind) == bytes.count else { return nil }
    self.shape = shape
    self.elementKind = elementKind
    self.bytes = bytes
  }

  /// Number of elements.
  public var elementCount: Int { bytes.count / elementKind.byteWidth }

  /// The first dimension: how many rows there are; 1 for an array without dimensions.
  public var rowCount: Int { shape.first ?? 1 }

  /// The dimensions of a row.
  public var rowShape: [Int] { Array(shape.dropFirst()) }

  /// Elements in a row.
  public var rowElementCount: Int { rowShape.reduce(1, *) }

  /// Bytes in a row.
  public var rowByteCount: Int { rowElementCount * elementKind.byteWidth }

  /// The bytes of one row.
  ///
  /// - Parameter index: In 0 ..< ``rowCount``.
  public func row(_ index: Int) -> ArraySlice<UInt8> {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    return bytes[(index * rowByteCount)..<((index + 1) * rowByteCount)]
  }

  /// The array of the rows at `indices`, each in 0 ..< ``rowCount``, in that order.
  public func selecting(rows indices: [Int]) -> NumpyArray {
    var selected: [UInt8] = []
    selected.reserveCapacity(indices.count * rowByteCount)
    for index in indices { selected += row(index) }
    return NumpyArray(
      checkedShape: [indices.count] + rowShape, elementKind: elementKind, bytes: selected)
  }

  /// Bytes of an array; `nil` if a dimension is negative, or if the product of those other than 0,
  /// in bytes, does not fit an `Int`.
  static func byteCount(_ shape: [Int], _ kind: ElementKind) -> Int? {
    var product = kind.byteWidth
    for dimension in shape where dimension != 0 {
      guard dimension > 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  /// Makes an array of which the caller knows that `bytes` is as long as shape and type say.
  init(checkedShape shape: [Int], elementKind: ElementKind, bytes: [UInt8]) {
    self.shape = shape
    self.elementKind = elementKind
    self.bytes = bytes
  }
}
