// SPDX-License-Identifier: Apache-2.0

/// What flashing a blob has done.
public struct FlashReport: Equatable, Sendable {
  /// Bytes of the blob.
  public let bytes: Int
  /// The slot that holds it.
  public let slot: Int
  /// Bytes that the slot takes.
  public let capacity: Int
  /// Whether the blob took the place of the old one instead of standing beside it, so that a power
  /// cut in between would have left none.
  public let replacedInPlace: Bool
  /// Time that writing, verifying and reading back took.
  public let duration: Duration
}
