// SPDX-License-Identifier: Apache-2.0

/// Splits comma-separated text into lines of fields, as RFC 4180 describes them.
struct CommaSeparatedLines {
  /// The number, from 1, of the line that ``next()`` gave last.
  private(set) var line = 0

  private let text: [UInt8]
  private let path: String
  private var position: Int
  private var nextLine = 1

  init(text: [UInt8], path: String) {
    self.text = text
    self.path = path
    position = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The fields of the next line that is not empty; `nil` at the end.
  mutating func next() throws(TensorFilesError) -> [String]? {
    while position < text.count {
      line = nextLine
      let fields = try self.fields()
      if fields != [""] { return fields }
    }
    return nil
  }

  private mutating func fields() throws(TensorFilesError) -> [String] {
    var fields: [String] = []
    while true {
      let isQuoted = position < text.count && text[position] == UInt8(ascii: "\"")
      fields.append(try isQuoted ? quotedField() : plainField())
      guard position < text.count else { return fields }
      let separator = text[position]
      position += 1
      if separator == UInt8(ascii: ",") { continue }
      if separator == UInt8(ascii: "\r"), position < text.count, text[position] == 0x0A {
        position += 1
      }
      nextLine += 1
      return fields
    }
  }

  private mutating func plainField() -> String {
    let field = text[position...].prefix { !Self.separators.contains($0) }
    position = field.endIndex
    return String(decoding: field, as: UTF8.self)
  }

  private mutating func quotedField() throws(TensorFilesError) -> String {
    var field: [UInt8] = []
    position += 1
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == 0x0A { nextLine += 1 }
      guard byte == UInt8(ascii: "\"") else {
        field.append(byte)
        continue
      }
      // Two quotes stand for one; a single one ends the field.
      if position < text.count, text[position] == UInt8(ascii: "\"") {
        field.append(byte)
        position += 1
        continue
      }
      guard position == text.count || Self.separators.contains(text[position]) else { break }
      return String(decoding: field, as: UTF8.self)
    }
    throw .malformed(
      path: path, place: "line \(line)", reason: "a quoted field does not end as it must")
  }

  private static let separators: [UInt8] = [UInt8(ascii: ","), 0x0A, 0x0D]
}
