// SPDX-License-Identifier: Apache-2.0

/// Counts figures and tables, as papers do.
struct Numbering {
  private var figures = 0
  private var tables = 0

  /// The next figure's label.
  mutating func figure() -> String {
    figures += 1
    return "Figure \(figures)."
  }

  /// The next table's label.
  mutating func table() -> String {
    tables += 1
    return "Table \(tables)."
  }
}
