// SPDX-License-Identifier: Apache-2.0

/// A way by which a blob gets into a board's model slots.
public protocol Flasher {
  /// Writes `blob`, verifies it, and makes it what the board runs.
  ///
  /// - Parameters:
  ///   - blob: The blob's bytes.
  ///   - progress: Called with the steps done and those of the whole, from 0 to all.
  /// - Returns: What was done.
  /// - Throws: ``FlashingError``. The board then still holds its old blob, or in single-slot mode
  ///   possibly none.
  func flash(
    _ blob: [UInt8], progress: (Int, Int) -> Void
  ) throws(FlashingError) -> FlashReport
}
