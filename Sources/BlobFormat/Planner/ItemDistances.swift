// SPDX-License-Identifier: Apache-2.0

/// How far apart the offsets of two items must be, for any two of a request.
struct ItemDistances {
  private let items: [ArenaItem]
  /// What a pair may do that others may not, the lower index first.
  private var pairs: [Pair: Leave] = [:]

  private struct Pair: Hashable {
    var low: Int
    var high: Int
  }

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
    let pair = Pair(low: min(a, b), high: max(a, b))
    var leave =
      pairs[pair]
      ?? Leave(
        lowBehind: items[pair.high].bytes, highBehind: items[pair.low].bytes,
        allowsSameOffset: false)
    leave.lowBehind = min(leave.lowBehind, a < b ? behind.0 : behind.1)
    leave.highBehind = min(leave.highBehind, a < b ? behind.1 : behind.0)
    leave.allowsSameOffset = leave.allowsSameOffset || overlap.allowsSameOffset
    pairs[pair] = leave
  }

  /// Whether no pair may do anything.
  var isEmpty: Bool { pairs.isEmpty }

  /// Whether two items are alive during some step.
  func meet(_ a: Int, _ b: Int) -> Bool {
    items[a].firstStep <= items[b].lastStep && items[b].firstStep <= items[a].lastStep
  }

  /// How far `a` must begin behind `b`, if it begins behind it.
  func behind(_ a: Int, _ b: Int) -> Int {
    guard let leave = pairs[Pair(low: min(a, b), high: max(a, b))] else { return items[b].bytes }
    return a < b ? leave.lowBehind : leave.highBehind
  }

  /// Whether two items may lie at one offset.
  func mayCoincide(_ a: Int, _ b: Int) -> Bool {
    guard meet(a, b), items[a].bytes > 0, items[b].bytes > 0 else { return true }
    guard let leave = pairs[Pair(low: min(a, b), high: max(a, b))] else { return false }
    return leave.allowsSameOffset || leave.lowBehind == 0 || leave.highBehind == 0
  }

  /// The pairs of one size that may lie at one offset, in the order of their items.
  var coinciding: [(Int, Int)] {
    pairs.filter { pair, leave in
      leave.allowsSameOffset && items[pair.low].bytes == items[pair.high].bytes
    }
    .map { ($0.key.low, $0.key.high) }
    .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }
}
