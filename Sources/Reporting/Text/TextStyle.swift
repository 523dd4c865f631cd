// SPDX-License-Identifier: Apache-2.0

/// How text for a terminal is adorned.
public enum TextStyle: Equatable, Sendable {
  /// Not at all: for files, pipes and tests.
  case plain
  /// Bold headings and coloured verdicts, by ANSI escapes.
  case ansi

  /// A heading.
  func heading(_ text: String) -> String {
    self == .ansi ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }

  /// A note that may be read later.
  func faint(_ text: String) -> String {
    self == .ansi ? "\u{1B}[2m\(text)\u{1B}[0m" : text
  }
}
