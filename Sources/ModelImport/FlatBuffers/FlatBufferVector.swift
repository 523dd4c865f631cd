// SPDX-License-Identifier: Apache-2.0

/// A vector of a flatbuffer; its extent is checked.
struct FlatBufferVector {
  let buffer: FlatBuffer
  /// Where its first element stands.
  let start: Int
  let count: Int
  /// Bytes of an element.
  let width: Int

  var byteCount: Int { count * width }

  /// The bytes of all elements.
  var bytes: ArraySlice<UInt8> { buffer.bytes[start..<(start + byteCount)] }

  /// The integer at `index`, which must be below ``count``.
  func integer<Value: FixedWidthInteger>(
    _ index: Int, as type: Value.Type
  ) throws(FlatBufferError) -> Value {
    try buffer.load(Value.self, at: start + index * width)
  }

  /// The table to which the element at `index`, which must be below ``count``, refers.
  func table(_ index: Int) throws(FlatBufferError) -> FlatBufferTable {
    try buffer.table(at: try buffer.reference(at: start + index * width))
  }
}
