// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@Suite struct LabelTableTests {
  private func table(_ text: String) throws -> LabelTable {
    try LabelTable(text: Array(text.utf8), path: "labels.csv")
  }

  private func message(_ text: String) throws -> String {
    try #require(throws: TensorFilesError.self) { try table(text) }.description
  }

  @Test("rows, names, labels and splits are read")
  func reads() throws {
    let labels = try table(
      "row,name,label,split\n0,a.wav,3,calib\n2,b.wav,1,test\n1,c.wav,3,test\n")
    #expect(labels.entries.map(\.name) == ["a.wav", "b.wav", "c.wav"])
    #expect(labels.label(ofRow: 2) == 1)
    #expect(labels.label(ofRow: 7) == nil)
    #expect(labels.rows(in: .calib) == [0])
    #expect(labels.rows(in: .test) == [2, 1])
    #expect(labels.rows(in: .all) == [0, 2, 1])
  }

  @Test("without splits every row belongs to each")
  func readsWithoutSplits() throws {
    let labels = try table("row,name,label\n0,a,3\n1,b,1")
    #expect(!labels.hasSplits)
    #expect(labels.rows(in: .test) == [0, 1])
  }

  @Test("quotes, line ends of other systems, a byte order mark and other columns are taken")
  func readsVariants() throws {
    let labels = try table(
      "\u{FEFF}label,extra,row,name\r\n\r\n4,x,0,\"a, \"\"b\"\"\nc\"\r\n5,,1,d\r\n")
    #expect(labels.entries.map(\.name) == ["a, \"b\"\nc", "d"])
    #expect(labels.entries.map(\.label) == [4, 5])
  }

  @Test(
    "a wrong line is named with its number",
    arguments: [
      ("", "line 1: the file is empty"), ("a,b\n", "line 1: it must name the columns"),
      ("row,label\n0,1\n0,2\n", "line 3: row 0 is there already"),
      ("row,label\n0,cat\n", "line 2: row and label must be integers"),
      ("row,label\n-1,0\n", "line 2: row and label must be integers"),
      ("row,label\n0,99999999999999999999\n", "line 2: row and label must be integers"),
      ("row,label\n\n0\n", "line 3: it has 1 fields, but line 1 has 2"),
      ("row,label\n0,\"1\n", "line 2: a quoted field does not end"),
      ("row,label\n0,\"1\"x\n", "line 2: a quoted field does not end"),
      ("row,name,label\n0,\"a\nb\",1\n1,c,x\n", "line 4: row and label must be integers"),
    ])
  func refuses(text: String, words: String) throws {
    let message = try message(text)
    #expect(message.contains(words), "\(message)")
  }
}
