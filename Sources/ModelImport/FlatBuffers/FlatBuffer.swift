// SPDX-License-Identifier: Apache-2.0

/// Bounds-checked access to a flatbuffer in memory.
///
/// Nothing in the bytes is trusted: every read says whether it lies inside, offsets are added with
/// 64-bit integers that 32-bit file values cannot overflow, and nothing recurses, so that cyclic
/// references cost nothing. Alignment is not needed: numbers are put together from bytes.
///
/// Layout (flatbuffers binary format): all little-endian. A reference is a uint32 counted from its own
/// place. A table starts with an int32 that, subtracted from its place, gives its vtable: uint16 byte
/// length of the vtable, uint16 byte length of the table, then per field a uint16 offset into the
/// table, 0 for an absent field. A vector is a uint32 count and the elements.
struct FlatBuffer {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The table that the buffer as a whole holds.
  func root() throws(FlatBufferError) -> FlatBufferTable {
    try table(at: reference(at: 0))
  }

  /// The four characters that tell the schema; `nil` if the buffer is too short for them.
  var identifier: String? {
    bytes.count >= 8 ? String(decoding: bytes[4..<8], as: UTF8.self) : nil
  }

  /// Where the reference at `position` leads.
  func reference(at position: Int) throws(FlatBufferError) -> Int {
    let distance = Int(try load(UInt32.self, at: position))
    guard distance > 0, position + distance < bytes.count else {
      throw FlatBufferError(
        "a reference at byte \(position) leads \(distance) bytes on, beyond the end")
    }
    return position + distance
  }

  /// The table at `position`, its vtable checked.
  func table(at position: Int) throws(FlatBufferError) -> FlatBufferTable {
    let vtable = position - Int(try load(Int32.self, at: position))
    guard vtable >= 0 else {
      throw FlatBufferError("the table at byte \(position) has its field list before the beginning")
    }
    let vtableBytes = Int(try load(UInt16.self, at: vtable))
    let tableBytes = Int(try load(UInt16.self, at: vtable + 2))
    guard vtableBytes >= 4, vtableBytes.isMultiple(of: 2), vtable + vtableBytes <= bytes.count
    else {
      throw FlatBufferError(
        "the table at byte \(position) has a field list of \(vtableBytes) bytes")
    }
    guard tableBytes >= 4, position + tableBytes <= bytes.count else {
      throw FlatBufferError("the table at byte \(position) claims \(tableBytes) bytes")
    }
    return FlatBufferTable(
      buffer: self, position: position, byteCount: tableBytes, vtable: vtable,
      fieldCount: (vtableBytes - 4) / 2)
  }

  /// The little-endian integer at `position`.
  func load<Value: FixedWidthInteger>(
    _ type: Value.Type, at position: Int
  ) throws(FlatBufferError) -> Value {
    let width = Value.bitWidth / 8
    guard position >= 0, position <= bytes.count - width else {
      throw FlatBufferError("byte \(position) lies beyond the end at \(bytes.count)")
    }
    return bytes.withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Value.self))
    }
  }
}
