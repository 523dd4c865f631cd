// SPDX-License-Identifier: Apache-2.0

/// How far apart the offsets of two items must be, for any two of a request.
struct ItemDistances {
  private let items: [ArenaItem]
  /// For every item, what it may do with one of a higher index that others may not: a few entries each.
  private var leaves: [[(high: Int, leave: Leave)]]

  private struct Leave {
    /// How far the item of the lower index must begin behind the other one, if it begins behind it.
    var lowBehind: Int
    /// The same with the roles exchanged.
    var highBehind: Int
    var allowsSameOffset: Bool
  }

  /// - Parameters:
  ///   - overlaps: Where a pair is named twice, either entry is enough.
  ///   - aliases: Those in place count if they are legal: both have one size, and `source` ends with the
  ///     step in which `target` begins.
  init(_ items: [ArenaItem], overlaps: [ArenaOverlap], aliases: [ArenaAlias]) {
    self.items = items
    leaves = [[(high: Int, leave: Leave)]](repeating: [], count: items.count)
    for overlap in overlaps { add(overlap) }
    for alias in aliases where alias.kind == .inPlace {
      let (source, target) = (items[alias.source], items[alias.target])
      if source.bytes == target.bytes, source.lastStep == target.firstStep {
        add(ArenaOverlap(alias.source, alias.target, allowsSameOffset: true))
      }
    }
  }

  private mutating func add(_ overlap: ArenaOverlap) {
    let (a, b) = (overlap.first, overlap.second)
    guard a != b else { return }
    let behind = (
      max(0, overlap.firstBehind ?? items[b].bytes), max(0, overlap.secondBehind ?? items[a].bytes)
    )
    let (low, high) = (min(a, b), max(a, b))
    let known = leaves[low].firstIndex { $0.high == high }
    var leave =
      known.map { leaves[low][$0].leave }
      ?? Leave(
        lowBehind: items[high].bytes, highBehind: items[low].bytes, allowsSameOffset: false)
    leave.lowBehind = min(leave.lowBehind, a < b ? behind.0 : behind.1)
    leave.highBehind = min(leave.highBehind, a < b ? behind.1 : behind.0)
    leave.allowsSameOffset = leave.allowsSameOffset || overlap.allowsSameOffset
    if let known { leaves[low][known].leave = leave } else { leaves[low].append((high, leave)) }
  }

  /// Whether no pair may do anything.
  var isEmpty: Bool { leaves.allSatisfy(\.isEmpty) }

  private func leave(_ a: Int, _ b: Int) -> Leave? {
    let (low, high) = (min(a, b), max(a, b))
    for entry in leaves[low] where entry.high == high { return entry.leave }
    return nil
  }

  /// Whether two items are alive during some step.
  func meet(_ a: Int, _ b: Int) -> Bool {
    items[a].firstStep <= items[b].lastStep && items[b].firstStep <= items[a].lastStep
  }

  /// How far `a` must begin behind `b`, if it begins behind it.
  func behind(_ a: Int, _ b: Int) -> Int {
    guard let leave = leave(a, b) else { return items[b].bytes }
    return a < b ? leave.lowBehind : leave.highBehind
  }

  /// Whether two items may lie at one offset.
  func mayCoincide(_ a: Int, _ b: Int) -> Bool {
    guard meet(a, b), items[a].bytes > 0, items[b].bytes > 0 else { return true }
    guard let leave = leave(a, b) else { return false }
    return leave.allowsSameOffset || leave.lowBehind == 0 || leave.highBehind == 0
  }

  /// The pairs of one size that may lie at one offset, in the order of their items.
  var coinciding: [(Int, Int)] {
    leaves.indices.flatMap { low in
      leaves[low].filter { $0.leave.allowsSameOffset && items[low].bytes == items[$0.high].bytes }
        .map { (low, $0.high) }.sorted { $0.1 < $1.1 }
    }
  }
}
