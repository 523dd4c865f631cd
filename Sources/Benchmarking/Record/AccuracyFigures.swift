// SPDX-License-Identifier: Apache-2.0

/// How many rows of a labelled data set the board classified right.
public struct AccuracyFigures: Codable, Equatable, Sendable {
  /// Rows that were run.
  public let rows: Int
  /// Rows whose largest output was the label.
  public let correct: Int
  /// `correct` / `rows`; 0 without rows.
  public let fraction: Double
  /// Always `counted`.
  public let origin: Origin

  /// States a count.
  public init(rows: Int, correct: Int) {
    self.rows = rows
    self.correct = correct
    fraction = rows > 0 ? Double(correct) / Double(rows) : 0
    origin = .counted
  }
}
