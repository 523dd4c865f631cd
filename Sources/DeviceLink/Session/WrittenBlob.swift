// SPDX-License-Identifier: Apache-2.0

/// A blob that a board has taken, verified and made its newest.
public struct WrittenBlob: Equatable, Sendable {
  /// The slot it went to.
  public let slot: Int
  /// Bytes that the slot takes.
  public let capacity: Int
  /// CRC-32 of the blob as the board read it back.
  public let crc: UInt32
}
