// SPDX-License-Identifier: Apache-2.0

/// A table for a terminal: columns as wide as their widest cell, two spaces apart.
public struct TextTable: Equatable, Sendable {
  /// Where the cells of a column stand.
  public enum Alignment: Equatable, Sendable {
    /// Words.
    case left
    /// Figures.
    case right
  }

  /// One column.
  public struct Column: Equatable, Sendable {
    /// Its heading.
    public let title: String
    /// Where its cells stand.
    public let alignment: Alignment

    /// Makes a column.
    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// The columns.
  public let columns: [Column]
  /// The cells, row by row.
  public private(set) var rows: [[String]] = []

  /// Makes an empty table.
  public init(columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; missing cells are empty, surplus ones are dropped.
  public mutating func append(_ cells: [String]) {
    let padded = cells.prefix(columns.count).map(DisplayWidth.printable)
    rows.append(padded + Array(repeating: "", count: columns.count - padded.count))
  }

  /// The table as lines, each ended by a newline and none by spaces.
  ///
  /// - Parameter style: Headings are bold in `.ansi`.
  public func text(style: TextStyle = .plain) -> String {
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
  public func markdown() -> String {
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
