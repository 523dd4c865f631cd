// SPDX-License-Identifier: Apache-2.0
internal import TextTables

extension ArenaMap {
  /// Draws the map: a row per range of addresses, a column per step, a letter per item, and a legend.
  ///
  /// - Parameter width: Columns of the terminal; the drawing keeps within them from 60 on.
  /// - Returns: Lines, each ended by a newline.
  public func text(width: Int = 100) -> String {
    let drawing = ArenaDrawing(map: self, width: max(60, width))
    return (drawing.lines + [""] + legend(width: max(60, width))).joined(separator: "\n") + "\n"
  }

  private func legend(width: Int) -> [String] {
    var table = TextTable([
      ("", .left), ("tensor", .left), ("bytes", .right), ("at", .right), ("steps", .left),
    ])
    for (index, item) in items.enumerated() {
      let last = item.lastStep >= stepCount ? "end" : String(item.lastStep)
      table.add(
        String(Self.symbol(index)),
        (item.kind == .tensor ? "" : "\(item.kind.rawValue) ") + item.name,
        item.bytes.grouped, item.offset.grouped, "\(item.firstStep)-\(last)")
    }
    return table.lines.map { String($0.prefix(width)) }
  }

  /// The letter of an item; they repeat after 62.
  static func symbol(_ index: Int) -> Character {
    let symbols = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    return symbols[index % symbols.count]
  }
}

/// The grid of an arena map.
private struct ArenaDrawing {
  let map: ArenaMap
  let width: Int

  /// Rows beyond which ranges of addresses are merged.
  private static let rowLimit = 32
  /// Room for addresses and sizes before the grid.
  private static let labelWidth = 23

  var lines: [String] {
    var lines = [
      "arena map, \(map.arenaBytes.grouped) bytes: a row is a range, "
        + (stepsPerColumn == 1 ? "a column a step" : "a column \(stepsPerColumn) steps")
    ]
    lines.append(
      TextTable.pad("from", to: 10, .right) + TextTable.pad("bytes", to: 11, .right) + " |"
        + headings)
    for (start, end) in rows {
      let cells = columns.map { column in
        String(repeating: symbol(in: start..<end, during: column), count: cellWidth)
      }
      lines.append(
        TextTable.pad(start.grouped, to: 10, .right)
          + TextTable.pad((end - start).grouped, to: 11, .right) + " |" + cells.joined())
    }
    return lines
  }

  private var stepsPerColumn: Int {
    let room = width - Self.labelWidth
    return (map.stepCount + 1 + room - 1) / room
  }

  /// The steps of every column; the last step stands for the time after the run.
  private var columns: [Range<Int>] {
    stride(from: 0, to: map.stepCount + 1, by: stepsPerColumn).map {
      $0..<min($0 + stepsPerColumn, map.stepCount + 1)
    }
  }

  private var cellWidth: Int {
    min(4, max(1, (width - Self.labelWidth) / max(1, columns.count)))
  }

  /// The first steps of the columns, as many as there is room for.
  private var headings: String {
    var line = ""
    for (index, column) in columns.enumerated() where line.isEmpty || line.count < index * cellWidth
    {
      let text = column.upperBound > map.stepCount ? "end" : String(column.lowerBound)
      guard index * cellWidth + text.count <= columns.count * cellWidth || index == 0 else {
        continue
      }
      line = TextTable.pad(line, to: index * cellWidth, .left) + text
    }
    return line
  }

  private var rows: [(Int, Int)] {
    var edges = Set([0, map.arenaBytes])
    for item in map.items { edges.formUnion([item.offset, item.offset + item.bytes]) }
    var sorted = edges.sorted()
    if sorted.count - 1 > Self.rowLimit {
      let step = (map.arenaBytes / Self.rowLimit + 15) / 16 * 16
      sorted = Array(stride(from: 0, to: map.arenaBytes, by: max(16, step))) + [map.arenaBytes]
    }
    return Array(zip(sorted, sorted.dropFirst()))
  }

  /// The letter of the item that came last among those that share bytes and steps with a cell.
  private func symbol(in addresses: Range<Int>, during column: Range<Int>) -> String {
    var found: (firstStep: Int, symbol: Character)?
    for (index, item) in map.items.enumerated() where item.bytes > 0 {
      guard addresses.overlaps(item.offset..<(item.offset + item.bytes)),
        column.overlaps(item.firstStep..<(item.lastStep + 1))
      else { continue }
      if found.map({ item.firstStep >= $0.firstStep }) ?? true {
        found = (item.firstStep, ArenaMap.symbol(index))
      }
    }
    return String(found?.symbol ?? ".")
  }
}
