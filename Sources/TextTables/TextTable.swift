// SPDX-License-Identifier: Apache-2.0

/// Rows of text in aligned columns. Cells come from files of others and are made printable.
public struct TextTable: Sendable {
  /// Which side of a column its text keeps to.
  public enum Side: Sendable { case left, right }

  private let columns: [(title: String, side: Side)]
  private var rows: [[String]] = []

  /// A table without rows.
  public init(_ columns: [(title: String, side: Side)]) { self.columns = columns }

  /// Appends a row; missing cells stay empty.
  public mutating func add(_ cells: String...) { add(cells) }

  /// Appends a row; missing cells stay empty.
  public mutating func add(_ cells: [String]) {
    let printable = cells.map { DisplayWidth.printable($0) }
    rows.append(printable + Array(repeating: "", count: max(0, columns.count - cells.count)))
  }

  /// The lines, without trailing blanks; the titles are the first.
  public var lines: [String] {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in all.map { DisplayWidth.of($0[column]) }.max() ?? 0
    }
    return all.map { row in
      let cells = columns.indices.map { column in
        Self.pad(row[column], to: widths[column], columns[column].side)
      }
      return Self.trimmed(cells.joined(separator: "  "))
    }
  }

  /// The lines as one text.
  public var text: String { lines.joined(separator: "\n") }

  /// Fills a text with blanks.
  public static func pad(_ text: String, to width: Int, _ side: Side) -> String {
    let blanks = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    return side == .left ? text + blanks : blanks + text
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension BinaryInteger {
  /// The number with a comma between groups of three digits: `1,234,567`.
  public var grouped: String {
    let digits = String(magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return (self < 0 ? "-" : "") + result
  }
}
