// SPDX-License-Identifier: Apache-2.0

/// Something that runs a model: the host, or a board.
public protocol InferenceEngine: AnyObject {
  /// Runs rows in order, after one reset.
  ///
  /// - Parameters:
  ///   - rows: Each the bytes of all inputs, one after the other.
  ///   - resetEach: Whether a stateful model is reset before every row.
  ///   - progress: Called with rows done and rows in all.
  /// - Returns: For each row the bytes of all outputs, one after the other.
  func run(
    rows: [[UInt8]], resetEach: Bool, progress: (Int, Int) -> Void
  ) throws -> [[UInt8]]

  /// Runs rows in order after a reset and returns what each step of the last one wrote: for each step
  /// the bytes of all its outputs, one after the other, as they stood when the step had ended.
  func taps(rows: [[UInt8]]) throws -> [[UInt8]]
}

extension InferenceEngine {
  /// The taps of one row after a reset; see ``taps(rows:)``.
  public func taps(row: [UInt8]) throws -> [[UInt8]] { try taps(rows: [row]) }
}
