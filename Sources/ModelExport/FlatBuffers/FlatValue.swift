// SPDX-License-Identifier: Apache-2.0

/// A part of a flatbuffer that is to be written.
///
/// Source: the FlatBuffers binary format, "Internals" of its documentation.
package indirect enum FlatValue {
  /// A number inside a table, little-endian.
  case scalar([UInt8])
  /// A reference to a table.
  case table(FlatTable)
  /// A reference to a vector of numbers of `width` bytes, aligned to `alignment` bytes.
  case vector([UInt8], width: Int, alignment: Int)
  /// A reference to a vector of tables.
  case tables([FlatTable])
  /// A reference to a string.
  case string(String)

  /// An integer inside a table.
  package static func integer(_ value: some FixedWidthInteger) -> FlatValue {
    .scalar(bytes(value))
  }

  /// An int32 inside a table.
  package static func int32(_ value: Int) -> FlatValue { integer(Int32(clamping: value)) }

  /// An int8 inside a table.
  package static func int8(_ value: Int) -> FlatValue { integer(Int8(clamping: value)) }

  /// A Boolean inside a table.
  package static func bool(_ value: Bool) -> FlatValue { integer(UInt8(value ? 1 : 0)) }

  /// A float32 inside a table.
  package static func float(_ value: Float) -> FlatValue { integer(value.bitPattern) }

  /// A reference to a vector of integers.
  package static func integers<Value: FixedWidthInteger>(_ values: [Value]) -> FlatValue {
    let width = Value.bitWidth / 8
    return .vector(values.flatMap { bytes($0) }, width: width, alignment: width)
  }

  /// A reference to a vector of float32.
  package static func floats(_ values: [Float]) -> FlatValue { integers(values.map(\.bitPattern)) }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
