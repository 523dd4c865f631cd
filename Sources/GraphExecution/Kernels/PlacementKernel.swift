// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Moves elements of so many bits as `Element` has to where ``PlaceTables`` say.
struct PlacementKernel<Element: FixedWidthInteger & Sendable>: Kernel {
  /// The most elements that rows are merged to: longer ones are hardly faster, but their tables large.
  private static var rowLimit: Int { 1 << 16 }

  private let input: TensorSlot
  private let output: TensorSlot
  private let outer: [[Int]]
  private let row: [Int]
  /// Whether a row is neighbouring elements.
  private let isRun: Bool
  private let rowCount: Int
  /// What stands where nothing is taken.
  private let fill: Element

  init(from input: TensorSlot, to output: TensorSlot, _ places: PlaceTables, fill: Element = 0) {
    self.input = input
    self.output = output
    self.fill = fill
    var outer = Self.merged(places.tables)
    row = outer.popLast() ?? [0]
    self.outer = outer
    rowCount = outer.reduce(1) { $0 * $1.count }
    isRun = row[0] != PlaceTables.outside && Self.isRun(row)
  }

  func run(_ memory: TensorMemory) {
    let source = memory.elements(input, as: Element.self)
    var target = memory.elements(output, as: Element.self)
    row.withUnsafeBufferPointer { row in
      for index in 0..<rowCount {
        fillRow(row, offset(ofRow: index), source, target)
        target += row.count
      }
    }
  }

  @inline(__always)
  private func fillRow(
    _ row: UnsafeBufferPointer<Int>, _ offset: Int?, _ source: UnsafePointer<Element>,
    _ target: UnsafeMutablePointer<Element>
  ) {
    guard let offset else { return target.update(repeating: fill, count: row.count) }
    if isRun {
      target.update(from: source + (offset + row[0]), count: row.count)
    } else {
      for index in row.indices {
        let place = row[index]
        target[index] = place == PlaceTables.outside ? fill : source[offset + place]
      }
    }
  }

  /// What the outer dimensions add up to; `nil` outside.
  @inline(__always)
  private func offset(ofRow row: Int) -> Int? {
    var rest = row
    var result = 0
    for dimension in outer.indices.reversed() {
      let (next, position) = rest.quotientAndRemainder(dividingBy: outer[dimension].count)
      let place = outer[dimension][position]
      guard place != PlaceTables.outside else { return nil }
      result += place
      rest = next
    }
    return result
  }

  /// Tables with one for whole runs of neighbours.
  private static func merged(_ tables: [[Int]]) -> [[Int]] {
    var result: [[Int]] = []
    for table in tables.reversed() {
      guard let inner = result.first, isRun(inner), inner[0] == 0, isSpaced(table, inner.count),
        table.count * inner.count <= rowLimit
      else {
        result.insert(table, at: 0)
        continue
      }
      let first = table[0]
      result[0] = (0..<(table.count * inner.count)).map { first + $0 }
    }
    return result
  }

  private static func isRun(_ table: [Int]) -> Bool { isSpaced(table, 1) }

  /// Whether neighbours are `step` apart and nothing lies outside.
  private static func isSpaced(_ table: [Int], _ step: Int) -> Bool {
    guard table[0] != PlaceTables.outside else { return false }
    return zip(table, table.dropFirst()).allSatisfy {
      $1 != PlaceTables.outside && $1 - $0 == step
    }
  }
}
