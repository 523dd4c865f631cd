// SPDX-License-Identifier: Apache-2.0

/// The contents of a `labels.csv`: for rows of an array the class that they belong to.
///
/// The first line names the columns: `row`, `name`, `label`, and perhaps `split`, in any order;
/// fields may be quoted as RFC 4180 says. Other columns are ignored.
public struct LabelTable: Hashable, Sendable {
  /// One line.
  public struct Entry: Hashable, Sendable {
    /// The row of the array, from 0.
    public var row: Int
    /// What people call the sample.
    public var name: String
    /// The class, from 0.
    public var label: Int
    /// The split; `nil` if the file has none.
    public var split: String?

    /// Makes a line.
    public init(row: Int, name: String, label: Int, split: String?) {
      self.row = row
      self.name = name
      self.label = label
      self.split = split
    }
  }

  /// The lines, in the order of the file; each row at most once.
  public let entries: [Entry]
  /// What messages call the file.
  public let path: String
  private let positions: [Int: Int]

  /// Makes a table.
  ///
  /// - Parameters:
  ///   - entries: The lines; of several for one row the last one counts.
  ///   - path: What messages call it.
  public init(entries: [Entry], path: String) {
    self.entries = entries
    self.path = path
    positions = Dictionary(
      entries.enumerated().map { ($0.element.row, $0.offset) }, uniquingKeysWith: { $1 })
  }

  /// Reads a file.
  public init(contentsOf path: String) throws(TensorFilesError) {
    try self.init(text: try FileBytes.read(path, limit: 1 << 28), path: path)
  }

  /// Reads the contents of a file.
  public init(text: [UInt8], path: String) throws(TensorFilesError) {
    self.path = path
    var lines = CommaSeparatedLines(text: text, path: path)
    guard let header = try lines.next() else {
      throw .malformed(path: path, place: "line 1", reason: "the file is empty")
    }
    let columns = try Columns(header: header, path: path)
    var entries: [Entry] = []
    var positions: [Int: Int] = [:]
    while let fields = try lines.next() {
      let entry = try columns.entry(fields, line: lines.line, path: path)
      guard positions.updateValue(entries.count, forKey: entry.row) == nil else {
        throw .malformed(
          path: path, place: "line \(lines.line)", reason: "row \(entry.row) is there already")
      }
      entries.append(entry)
    }
    self.entries = entries
    self.positions = positions
  }

  /// The class of a row; `nil` if the file does not say.
  public func label(ofRow row: Int) -> Int? { positions[row].map { entries[$0].label } }

  /// The line of a row; `nil` if the file has none.
  public func entry(ofRow row: Int) -> Entry? { positions[row].map { entries[$0] } }

  /// Whether the file divides its rows into splits.
  public var hasSplits: Bool { entries.contains { $0.split != nil } }

  /// The rows of a split, in the order of the file; all rows if the file has no splits.
  public func rows(in split: Split) -> [Int] {
    guard split != .all, hasSplits else { return entries.map(\.row) }
    return entries.filter { $0.split == split.rawValue }.map(\.row)
  }

  /// Where the columns stand.
  private struct Columns {
    var count: Int
    var row: Int
    var name: Int?
    var label: Int
    var split: Int?

    init(header: [String], path: String) throws(TensorFilesError) {
      guard let row = header.firstIndex(of: "row"), let label = header.firstIndex(of: "label")
      else {
        throw .malformed(
          path: path, place: "line 1",
          reason: "it must name the columns: row,name,label and perhaps split")
      }
      count = header.count
      self.row = row
      name = header.firstIndex(of: "name")
      self.label = label
      split = header.firstIndex(of: "split")
    }

    func entry(
      _ fields: [String], line: Int, path: String
    ) throws(TensorFilesError) -> Entry {
      guard fields.count == count else {
        throw .malformed(
          path: path, place: "line \(line)",
          reason: "it has \(fields.count) fields, but line 1 has \(count)")
      }
      guard let row = Int(fields[self.row]), row >= 0, let label = Int(fields[self.label]),
        label >= 0
      else {
        throw .malformed(
          path: path, place: "line \(line)", reason: "row and label must be integers from 0 on")
      }
      let split = self.split.map { fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
      return Entry(row: row, name: name.map { fields[$0] } ?? "", label: label, split: split)
    }
  }
}
