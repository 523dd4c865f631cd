// SPDX-License-Identifier: Apache-2.0

/// Turns constants of int4 into int8 of the same values.
///
/// Scales and zero points stay, so that whatever reads them computes the same. Tensors keep their IDs.
public struct Int4Expansion: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "int4-expansion"
  /// See ``GraphPass/summary``.
  public let summary = "turns constants of int4 into int8 of the same values"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Expands all constants of int4, and counts them.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var count = 0
    for index in graph.tensors.indices where graph.tensors[index].elementType == .int4 {
      guard let packed = graph.tensors[index].constant else { continue }
      graph.tensors[index].constant = Self.expanded(
        packed, count: graph.tensors[index].shape.elementCount)
      graph.tensors[index].elementType = .int8
      count += 1
    }
    return count
  }

  /// A byte for each of `count` elements, two of which share one of `packed`, the first in its low half.
  static func expanded(_ packed: [UInt8], count: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count + 1)
    for pair in packed {
      result.append(UInt8(bitPattern: Int8(bitPattern: pair << 4) >> 4))
      result.append(UInt8(bitPattern: Int8(bitPattern: pair) >> 4))
    }
    return Array(result.prefix(count))
  }
}
