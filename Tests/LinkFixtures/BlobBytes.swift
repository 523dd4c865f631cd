// SPDX-License-Identifier: Apache-2.0

/// Bytes that stand for a blob: all values, no period that a piece's size divides.
public func blobBytes(count: Int, salt: Int = 0) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 31) >> 5 &+ $0 &* 7 &+ salt) }
}
