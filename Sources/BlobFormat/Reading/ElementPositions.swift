// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How the elements of one array stand in another, which has the same elements in another shape or
/// order.
public struct ElementPositions: Sendable, Hashable {
  /// The shape before.
  public private(set) var sourceShape: [Int]
  /// The shape afterwards.
  public private(set) var shape: [Int]
  /// For each element afterwards the position that it had before; `nil` if all stay in place.
  public private(set) var positions: [Int]?

  /// Elements that stay as they are.
  public init(shape: [Int]) {
    sourceShape = shape
    self.shape = shape
  }

  /// Whether every element stays in place.
  public var isIdentity: Bool { positions == nil }

  /// Gives the elements another shape.
  ///
  /// - Returns: Whether they fit; else nothing changed.
  mutating func reshape(to shape: [Int]) -> Bool {
    guard let count = Self.elementCount(shape), count == Self.elementCount(self.shape) else {
      return false
    }
    self.shape = shape
    return true
  }

  /// Makes dimension `permutation[i]` the new dimension i.
  ///
  /// - Returns: Whether the permutation is one of these dimensions; else nothing changed.
  mutating func transpose(by permutation: [Int]) -> Bool {
    guard permutation.sorted() == Array(shape.indices) else { return false }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    var moved = [0]
    for axis in permutation {
      moved = moved.flatMap { start in (0..<shape[axis]).map { start + $0 * strides[axis] } }
    }
    shape = permutation.map { shape[$0] }
    let before = positions
    let all = before.map { before in moved.map { before[$0] } } ?? moved
    positions = all.elementsEqual(all.indices) ? nil : all
    return true
  }

  /// Some elements in the new order.
  public func applied<Element>(to elements: [Element]) -> [Element] {
    positions.map { $0.map { elements[$0] } } ?? elements
  }

  /// The bytes of some elements in the new order.
  public func applied(toBytes bytes: ArraySlice<UInt8>, elementBytes: Int) -> [UInt8] {
    guard let positions else { return Array(bytes) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for position in positions {
      let start = bytes.startIndex + position * elementBytes
      result += bytes[start..<(start + elementBytes)]
    }
    return result
  }

  /// `nil` for a dimension below 1 or a product beyond `Int`.
  static func elementCount(_ shape: [Int]) -> Int? { Shape(shape).elementCount(atMost: .max) }
}
