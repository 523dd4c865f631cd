// SPDX-License-Identifier: Apache-2.0

/// Where the rows of a batch lie in the batch region.
public struct BatchLayout: Equatable, Sendable {
  /// The first row to run.
  public var firstRow: Int
  /// Rows to run.
  public var rows: Int
  /// Bytes of one row's inputs, concatenated; row *r*'s lie at *r* times this.
  public var inputBytesPerRow: Int
  /// Bytes of one row's outputs, concatenated.
  public var outputBytesPerRow: Int
  /// Where row 0's outputs lie in the region.
  public var outputOffset: Int

  /// Describes a batch.
  public init(
    firstRow: Int = 0, rows: Int, inputBytesPerRow: Int, outputBytesPerRow: Int, outputOffset: Int
  ) {
    self.firstRow = firstRow
    self.rows = rows
    self.inputBytesPerRow = inputBytesPerRow
    self.outputBytesPerRow = outputBytesPerRow
    self.outputOffset = outputOffset
  }
}
