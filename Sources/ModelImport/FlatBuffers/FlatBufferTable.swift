// SPDX-License-Identifier: Apache-2.0

/// A table of a flatbuffer; its extent and that of its field list are checked.
struct FlatBufferTable {
  let buffer: FlatBuffer
  /// Where it starts.
  let position: Int
  let byteCount: Int
  let vtable: Int
  let fieldCount: Int

  /// The integer in `field`, or `fallback` if the field is absent.
  func integer<Value: FixedWidthInteger>(
    _ field: Int, _ fallback: Value
  ) throws(FlatBufferError) -> Value {
    guard let place = try place(of: field, width: Value.bitWidth / 8) else { return fallback }
    return try buffer.load(Value.self, at: place)
  }

  /// The float32 in `field`, or `fallback` if the field is absent.
  func float(_ field: Int, _ fallback: Float) throws(FlatBufferError) -> Float {
    Float(bitPattern: try integer(field, fallback.bitPattern))
  }

  /// The Boolean in `field`, or `fallback` if the field is absent.
  func bool(_ field: Int, _ fallback: Bool) throws(FlatBufferError) -> Bool {
    try integer(field, UInt8(fallback ? 1 : 0)) != 0
  }

  /// The table to which `field` refers.
  func table(_ field: Int) throws(FlatBufferError) -> FlatBufferTable? {
    guard let place = try place(of: field, width: 4) else { return nil }
    return try buffer.table(at: try buffer.reference(at: place))
  }

  /// The vector to which `field` refers, of elements of `width` bytes.
  func vector(_ field: Int, width: Int) throws(FlatBufferError) -> FlatBufferVector? {
    guard let place = try place(of: field, width: 4) else { return nil }
    let start = try buffer.reference(at: place)
    let count = Int(try buffer.load(UInt32.self, at: start))
    guard count * width <= buffer.bytes.count - (start + 4) else {
      throw FlatBufferError("the list at byte \(start) claims \(count) elements, beyond the end")
    }
    return FlatBufferVector(buffer: buffer, start: start + 4, count: count, width: width)
  }

  /// Where the contents of `field` stand, `nil` if the field is absent.
  private func place(of field: Int, width: Int) throws(FlatBufferError) -> Int? {
    guard field < fieldCount else { return nil }
    let offset = Int(try buffer.load(UInt16.self, at: vtable + 4 + 2 * field))
    guard offset != 0 else { return nil }
    guard offset >= 4, offset + width <= byteCount else {
      throw FlatBufferError("field \(field) of the table at byte \(position) lies outside of it")
    }
    return position + offset
  }
}
