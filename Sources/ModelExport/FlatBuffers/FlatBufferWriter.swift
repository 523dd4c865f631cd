// SPDX-License-Identifier: Apache-2.0

/// Writes flatbuffers front to back: each table, then what it refers to.
package struct FlatBufferWriter {
  private var bytes: [UInt8] = []

  /// The bytes of a flatbuffer with this root.
  ///
  /// - Parameter identifier: Four ASCII characters.
  package static func bytes(root: FlatTable, identifier: String) -> [UInt8] {
    var writer = FlatBufferWriter()
    writer.bytes = [0, 0, 0, 0] + Array(identifier.utf8)
    writer.reference(from: 0, to: writer.write(root))
    return writer.bytes
  }

  private mutating func write(_ table: FlatTable) -> Int {
    let (vtable, inlineBytes, offsets) = Self.layout(table)
    align(8, offset: vtable.count % 8)
    bytes += vtable
    // The table starts at a multiple of 8, directly behind its field list.
    let position = bytes.count
    bytes += Self.littleEndian(Int32(vtable.count))
    bytes += [UInt8](repeating: 0, count: inlineBytes - 4)
    for (field, value) in table.fields.sorted(by: { $0.key < $1.key }) {
      guard let offset = offsets[field] else { continue }
      let place = position + offset
      switch value {
      case .scalar(let scalar):
        bytes.replaceSubrange(place..<(place + scalar.count), with: scalar)
      case .table(let child): reference(from: place, to: write(child))
      case .vector(let data, let width, let alignment):
        reference(from: place, to: writeVector(data, width: width, alignment: alignment))
      case .string(let text):
        reference(from: place, to: writeVector(Array(text.utf8), width: 1, alignment: 1))
        bytes.append(0)
      case .tables(let children): reference(from: place, to: write(children))
      }
    }
    return position
  }

  private mutating func write(_ tables: [FlatTable]) -> Int {
    align(4)
    let position = bytes.count
    bytes += Self.littleEndian(UInt32(tables.count))
    bytes += [UInt8](repeating: 0, count: 4 * tables.count)
    for (index, table) in tables.enumerated() {
      reference(from: position + 4 + 4 * index, to: write(table))
    }
    return position
  }

  private mutating func writeVector(_ data: [UInt8], width: Int, alignment: Int) -> Int {
    align(max(4, alignment), offset: 4)
    let position = bytes.count
    bytes += Self.littleEndian(UInt32(data.count / width)) + data
    return position
  }

  /// Pads so that `offset` bytes further on lies a multiple of `alignment`.
  private mutating func align(_ alignment: Int, offset: Int = 0) {
    while !(bytes.count + offset).isMultiple(of: alignment) { bytes.append(0) }
  }

  private mutating func reference(from place: Int, to target: Int) {
    bytes.replaceSubrange(place..<(place + 4), with: Self.littleEndian(UInt32(target - place)))
  }

  /// The field list, the table's size in bytes, and where in it each field stands.
  private static func layout(_ table: FlatTable) -> ([UInt8], Int, [Int: Int]) {
    var offsets: [Int: Int] = [:]
    var end = 4
    for (field, value) in table.fields.sorted(by: { $0.key < $1.key }) {
      let width = if case .scalar(let scalar) = value { scalar.count } else { 4 }
      end = (end + width - 1) / width * width
      offsets[field] = end
      end += width
    }
    let count = (table.fields.keys.max() ?? -1) + 1
    var vtable = littleEndian(UInt16(4 + 2 * count)) + littleEndian(UInt16(end))
    for field in 0..<count { vtable += littleEndian(UInt16(offsets[field] ?? 0)) }
    return (vtable, end, offsets)
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
