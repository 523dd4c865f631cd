// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// The STATE_INIT section: what a reset writes, beside zeros.
struct StateInitTable {
  private(set) var records: [shunt_blob_state_init_t] = []

  /// Adds what makes the bytes from `offset` on those of a tensor; `constants` keeps data.
  mutating func add(_ bytes: [UInt8], at offset: Int, constants: inout ConstantPool) {
    guard let first = bytes.firstIndex(where: { $0 != 0 }),
      let last = bytes.lastIndex(where: { $0 != 0 })
    else { return }
    let part = bytes[first...last]
    if part.allSatisfy({ $0 == bytes[first] }) {
      fill(offset + first, part.count, with: bytes[first])
    } else {
      records.append(
        shunt_blob_state_init_t(
          arena_offset: UInt32(offset + first), bytes: UInt32(part.count),
          data_offset: constants.append(part), fill: 0))
    }
  }

  /// Fills, in one go with the record before where only padding lies between them.
  private mutating func fill(_ offset: Int, _ count: Int, with byte: UInt8) {
    let alignment = Int(SHUNT_BLOB_ALIGNMENT)
    if let last = records.last, last.data_offset == 0, last.fill == UInt32(byte) {
      let end = Int(last.arena_offset) + Int(last.bytes)
      if (end + alignment - 1) / alignment * alignment == offset {
        records[records.count - 1].bytes = UInt32(offset + count) - last.arena_offset
        return
      }
    }
    records.append(
      shunt_blob_state_init_t(
        arena_offset: UInt32(offset), bytes: UInt32(count), data_offset: 0, fill: UInt32(byte)))
  }
}
