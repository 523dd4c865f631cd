// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A reference model on a board. In a full run every board meets every model with all its rows; else
/// each model meets one board, each board one model or more, with some rows.
struct GoldenPairing: Sendable, CustomTestStringConvertible {
  /// Whether `make test-full` runs.
  static let isFull = ProcessInfo.processInfo.environment["SHUNT_TEST_FULL"] != nil
  /// Most rows of a model on a board; `nil` for all.
  static let rowLimit = isFull ? nil : 24

  var board: String
  var model: String
  var testDescription: String { "\(model) on \(board)" }

  /// The pairs for some boards.
  static func all(of boards: [String]) -> [GoldenPairing] {
    boards.enumerated().flatMap { index, board in
      GoldenModelTests.names.enumerated()
        .filter { isFull || $0.offset % boards.count == index }
        .map { GoldenPairing(board: board, model: $0.element) }
    }
  }
}
