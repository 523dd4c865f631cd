// SPDX-License-Identifier: Apache-2.0
import Testing
import TextTables

@Suite struct TextTableTests {
  @Test("columns align, also where characters take two columns of a terminal")
  func alignment() {
    var table = TextTable([("name", .left), ("bytes", .right)])
    table.add("a", "1,024")
    table.add("漢字", "7")
    table.add("only one cell")
    #expect(
      table.lines == [
        "name           bytes", "a              1,024", "漢字               7", "only one cell",
      ])
  }

  @Test("a name cannot move the cursor or reorder text")
  func hostileNames() {
    var table = TextTable([("name", .left)])
    table.add("red\u{1B}[31m\r\n\u{202E}txt")
    #expect(!table.text.contains("\u{1B}"))
    #expect(!table.text.contains("\r"))
    #expect(!table.text.contains("\u{202E}"))
    #expect(table.lines.count == 2)
  }

  @Test(
    "numbers are grouped by thousands",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func grouping(_ number: Int, _ text: String) {
    #expect(number.grouped == text)
  }
}
