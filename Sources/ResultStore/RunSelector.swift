// SPDX-License-Identifier: Apache-2.0

/// How a user names one run.
public enum RunSelector: Equatable, Sendable, CustomStringConvertible {
  /// By the beginning of its name, or of the part behind the date, as long as only one run has it.
  case name(String)
  /// The latest run on a board, of a blob (by the beginning of its SHA-256), or of both.
  case latest(board: String?, blob: String?)

  /// The selector as the user would write it.
  public var description: String {
    switch self {
    case .name(let name):
      name.isEmpty ? "\"\"" : name
    case .latest(let board, let blob):
      [board.map { "--board \($0)" }, blob.map { "--blob \($0)" }].compactMap { $0 }
        .joined(separator: " ")
    }
  }
}
