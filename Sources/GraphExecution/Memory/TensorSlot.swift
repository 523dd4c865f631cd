// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// An operand as kernels know it: its place in ``TensorMemory``, its shape and type.
struct TensorSlot: Sendable {
  let index: Int
  let shape: Shape
  let elementType: ElementType
  /// Product of the dimensions.
  let count: Int

  init(_ id: TensorID, of graph: Graph) {
    index = id.index
    shape = graph[id].shape
    elementType = graph[id].elementType
    count = shape.elementCount
  }

  var byteCount: Int { elementType.byteCount(of: count) }

  /// Bytes of one element of a type of whole bytes.
  var elementByteCount: Int { elementType.bitWidth / 8 }
}
