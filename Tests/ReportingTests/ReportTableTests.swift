// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reporting

@Suite struct ReportTableTests {
  @Test("columns line up also with wide and combining characters")
  func alignment() {
    var table = ReportTable(columns: [.init("NAME"), .init("VALUE", .right)])
    table.append(["日本", "1"])
    table.append(["e\u{301}", "23"])
    table.append(["plain", "456"])
    #expect(
      table.text() == """
        NAME   VALUE
        ─────  ─────
        日本       1
        e\u{301}         23
        plain    456

        """)
  }

  @Test("no escape sequence of a name reaches the terminal")
  func escapes() {
    var table = ReportTable(columns: [.init("NAME")])
    table.append(["\u{1B}[31mred\u{7}\r\nx\u{202E}"])
    let text = table.text()
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(!text.unicodeScalars.contains("\u{202E}"))
    #expect(text.split(separator: "\n").count == 3)
  }

  @Test("colours only when asked for")
  func colours() {
    var table = ReportTable(columns: [.init("NAME")])
    table.append(["x"])
    #expect(!table.text().contains("\u{1B}"))
    #expect(table.text(style: .ansi).hasPrefix("\u{1B}[1mNAME"))
  }

  @Test("rows that are too short or too long keep the table's shape")
  func shape() {
    var table = ReportTable(columns: [.init("A"), .init("B")])
    table.append([])
    table.append(["1", "2", "3"])
    #expect(table.rows == [["", ""], ["1", "2"]])
  }

  @Test("cells of Markdown cannot break out of their table")
  func markdown() {
    var table = ReportTable(columns: [.init("NAME"), .init("N", .right)])
    table.append(["a|b <img> *x*", "1"])
    #expect(
      table.markdown() == """
        | NAME | N |
        | --- | ---: |
        | a\\|b \\<img\\> \\*x\\* | 1 |

        """)
  }
}
