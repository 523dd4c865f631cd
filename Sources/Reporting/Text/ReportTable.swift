// SPDX-License-Identifier: Apache-2.0
internal import TextTables

/// A table for a terminal or for Markdown: columns as wide as their widest cell on the screen, two
/// spaces apart; cells come from records and are made printable.
struct ReportTable: Equatable, Sendable {
  /// Where the cells of a column stand.
  enum Alignment: Equatable, Sendable {
    /// Words.
    case left
    /// Figures.
    case right
  }

  /// One column.
  struct Column: Equatable, Sendable {
    /// Its heading.
    let title: String
    /// Where its cells stand.
    let alignment: Alignment

    /// Makes a column.
    init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// The columns.
  let columns: [Column]
  /// The cells, row by row.
  private(set) var rows: [[String]] = []

  /// Makes an empty table.
  init(columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; missing cells are empty, surplus ones are dropped.
  mutating func append(_ cells: [String]) {
    let padded = cells.prefix(columns.count).map { DisplayWidth.printable($0) }
    rows.append(padded + Array(repeating: "", count: columns.count - padded.count))
  }

  /// The table as lines, each ended by a newline and none by spaces.
  ///
  /// - Parameter style: Headings are bold in `.ansi`.
  func text(style: TextStyle = .plain) -> String {
    let titles = columns.map { DisplayWidth.printable($0.title) }
    let widths = columns.indices.map { index in
      rows.reduce(DisplayWidth.of(titles[index])) { max($0, DisplayWidth.of($1[index])) }
    }
    var lines = [
      style.heading(line(titles, widths)),
      line(widths.map { String(repeating: "─", count: $0) }, widths),
    ]
    lines += rows.map { line($0, widths) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The table as GitHub-flavoured Markdown.
  func markdown() -> String {
    func cells(_ values: [String]) -> String {
      "| " + values.map(Self.markdownEscaped).joined(separator: " | ") + " |\n"
    }
    let rule = columns.map { $0.alignment == .right ? "---:" : "---" }
    return cells(columns.map { DisplayWidth.printable($0.title) })
      + "| " + rule.joined(separator: " | ") + " |\n" + rows.map(cells).joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[index] - DisplayWidth.of(cell))
      if index > 0 { text += "  " }
      text += columns[index].alignment == .right ? padding + cell : cell + padding
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func markdownEscaped(_ cell: String) -> String {
    var text = ""
    for character in cell {
      if "\\`*_[]<>|".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }
}
