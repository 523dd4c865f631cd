// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Reporting
internal import TextTables

/// What the command says: results on standard output, everything else on standard error.
enum Console {
  /// Whether standard error is a terminal, so that progress may overwrite its line.
  static let isInteractive = isatty(STDERR_FILENO) == 1
  /// Colours on a terminal, unless `NO_COLOR` is set; none elsewhere.
  static let style: TextStyle =
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    ? .ansi : .plain
  nonisolated(unsafe) private static var progressIsShown = false
  private static let lock = NSLock()

  /// Prints a line on standard error.
  static func message(_ text: String) {
    endProgress()
    write(DisplayWidth.printable(text, keepingNewlines: true) + "\n", to: STDERR_FILENO)
  }

  /// Prints text that holds names from somebody's file; it ends with a newline already.
  static func show(_ text: String) {
    print(DisplayWidth.printable(text, keepingNewlines: true), terminator: "")
  }

  /// Shows how far a long piece of work has come; on a terminal only.
  static func progress(_ what: String, done: Int, total: Int) {
    guard isInteractive, total > 0 else { return }
    let width = 30
    let filled = min(width, width * done / total)
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
    lock.withLock {
      progressIsShown = true
      write("\r\u{1B}[K\(what) [\(bar)] \(100 * done / total) %", to: STDERR_FILENO)
    }
    if done >= total { endProgress() }
  }

  /// Leaves the line that shows progress, if there is one.
  static func endProgress() {
    lock.withLock {
      guard progressIsShown else { return }
      progressIsShown = false
      write("\r\u{1B}[K", to: STDERR_FILENO)
    }
  }

  /// Prints a value as one JSON document on standard output.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
