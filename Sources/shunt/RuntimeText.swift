// SPDX-License-Identifier: Apache-2.0
internal import ProjectExport
internal import TextTables

/// Flash and stack of runtime and kernels, for people.
enum RuntimeText {
  /// Lines, each ended by a newline.
  ///
  /// - Parameter reason: Why there are no figures.
  static func lines(_ figures: [RuntimeFigures], reason: String?) -> String {
    guard let first = figures.first else {
      return reason.map { "flash and stack of the runtime are not known: \($0)\n" } ?? ""
    }
    var table = TextTable([
      ("bytes, \(first.compiler) -Os", .left), ("runtime and kernels", .right),
      ("stack of open", .right), ("of run", .right), ("deepest kernel", .left),
    ])
    for item in figures {
      let deepest = item.stack.kernels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.first
      table.add(
        item.core, item.runtimeFlashBytes.grouped, item.stack.openBytes.grouped,
        item.stack.runBytes.grouped, deepest.map { "\($0.key) \($0.value)" } ?? "-")
    }
    return table.text + "\n"
  }
}
