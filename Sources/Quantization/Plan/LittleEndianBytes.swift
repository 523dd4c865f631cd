// SPDX-License-Identifier: Apache-2.0

/// Integers as a tensor's bytes.
func littleEndianBytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(values.count * (values.first?.bitWidth ?? 8) / 8)
  for value in values {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  return bytes
}
