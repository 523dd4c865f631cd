// SPDX-License-Identifier: Apache-2.0

/// Branch and bound over placements, within a bounded number of elementary operations.
///
/// Blocks are laid in the order of their offsets, lowest first. In a placement in which nothing can
/// sink, every block rests on the floor or as near as it may behind the beginning of another one, so
/// its offset is the highest such place among its placed neighbours, and offsets never decrease from
/// one block to the next: trying every next block meets every such placement, hence the best one. A
/// branch ends where, at some step, the level reached plus all that still has to come there, without
/// what it can share, is not below the best height known.
struct PlacementSearch {
  private let problem: PlacementProblem
  private var operationsLeft: Int

  private var best: [Int]
  private var bestHeight: Int

  private var offsets: [Int]
  /// The lowest offset that the placed neighbours of a block leave it.
  private var levels: [Int]
  /// Highest top among the placed blocks alive at an event.
  private var tops: [Int]
  /// Sum of the sizes of the blocks alive at an event that are not placed.
  private var pending: [Int]
  /// The most bytes that those blocks can share.
  private var shared: [Int]
  /// For every event, whether blocks alive then can share bytes.
  private let isSharing: [Bool]
  /// For every block, the events during which it is alive.
  private let eventsOfBlock: [Range<Int>]

  /// The best placement found within the limit: never worse than the incumbent.
  static func improve(
    _ problem: PlacementProblem, _ incumbent: [Int], operationLimit: Int
  ) -> [Int] {
    var search = PlacementSearch(
      problem: problem, incumbent: incumbent, operationLimit: operationLimit)
    if search.bestHeight > problem.lowerBound { search.descend(placed: 0, last: (0, -1)) }
    return search.best
  }

  /// Starts from a known placement.
  private init(problem: PlacementProblem, incumbent: [Int], operationLimit: Int) {
    self.problem = problem
    operationsLeft = operationLimit
    best = incumbent
    bestHeight = problem.height(of: incumbent)
    let count = problem.blocks.count
    offsets = [Int](repeating: -1, count: count)
    levels = [Int](repeating: 0, count: count)
    tops = [Int](repeating: 0, count: problem.events.count)
    pending = problem.alive.map { $0.reduce(0) { $0 + problem.blocks[$1].bytes } }
    shared = problem.shared
    isSharing = problem.shared.map { $0 > 0 }
    eventsOfBlock = problem.blocks.map { block in
      let first = problem.events.firstIndex { $0 >= block.firstStep } ?? problem.events.count
      let end = problem.events.firstIndex { $0 > block.lastStep } ?? problem.events.count
      return first..<max(first, end)
    }
  }

  private var isDone: Bool { bestHeight <= problem.lowerBound || operationsLeft <= 0 }

  private mutating func descend(placed: Int, last: (offset: Int, block: Int)) {
    guard placed < problem.blocks.count else {
      best = offsets
      bestHeight = problem.height(of: offsets)
      return
    }
    operationsLeft -= problem.blocks.count + problem.events.count
    guard !isDone, !isHopeless(floor: last.offset) else { return }
    for block in candidates(after: last) {
      let offset = levels[block]
      guard offset + problem.blocks[block].bytes < bestHeight else { continue }
      let undo = push(block, at: offset)
      descend(placed: placed + 1, last: (offset, block))
      pop(block, undo)
      if isDone { return }
    }
  }

  /// Whether some step cannot take what still has to come below the best height.
  private mutating func isHopeless(floor: Int) -> Bool {
    tops.indices.contains { event in
      guard pending[event] > 0 else { return false }
      let level = isSharing[event] ? lowestLevel(at: event) : tops[event]
      return max(level, floor) + pending[event] - shared[event] >= bestHeight
    }
  }

  /// The lowest offset that a block alive at an event can still get.
  private mutating func lowestLevel(at event: Int) -> Int {
    operationsLeft -= problem.alive[event].count
    return problem.alive[event].reduce(Int.max) { lowest, block in
      offsets[block] < 0 ? min(lowest, levels[block]) : lowest
    }
  }

  /// Whether a block comes after another one of the same offset.
  private func isAfter(_ block: Int, _ other: Int) -> Bool {
    other < 0 || problem.rank[block] > problem.rank[other]
  }

  /// The blocks that may come next, lowest first, then longest-lived, then largest.
  private func candidates(after last: (offset: Int, block: Int)) -> [Int] {
    let blocks = problem.blocks
    return blocks.indices
      .filter { block in
        offsets[block] < 0
          && (levels[block] > last.offset
            || (levels[block] == last.offset && isAfter(block, last.block)))
      }
      .sorted { a, b in
        let keyA = (levels[a], blocks[a].firstStep - blocks[a].lastStep, -blocks[a].bytes)
        let keyB = (levels[b], blocks[b].firstStep - blocks[b].lastStep, -blocks[b].bytes)
        return keyA != keyB ? keyA < keyB : a < b
      }
  }

  private struct Undo {
    var levels: [(block: Int, level: Int)] = []
    var tops: [Int] = []
    var shared: [(event: Int, bytes: Int)] = []
  }

  private mutating func push(_ block: Int, at offset: Int) -> Undo {
    let top = offset + problem.blocks[block].bytes
    var undo = Undo()
    offsets[block] = offset
    for neighbour in problem.neighbours[block] where offsets[neighbour.block] < 0 {
      let (other, level) = (neighbour.block, offset + neighbour.ahead)
      if levels[other] < level {
        undo.levels.append((other, levels[other]))
        levels[other] = level
      }
      guard neighbour.shared > 0 else { continue }
      for event in eventsOfBlock[block].clamped(to: eventsOfBlock[other]) {
        undo.shared.append((event, neighbour.shared))
        shared[event] -= neighbour.shared
      }
    }
    for event in eventsOfBlock[block] {
      undo.tops.append(tops[event])
      tops[event] = max(tops[event], top)
      pending[event] -= problem.blocks[block].bytes
    }
    operationsLeft -= problem.neighbours[block].count
    return undo
  }

  private mutating func pop(_ block: Int, _ undo: Undo) {
    offsets[block] = -1
    for (neighbour, level) in undo.levels { levels[neighbour] = level }
    for (event, bytes) in undo.shared { shared[event] += bytes }
    for (event, top) in zip(eventsOfBlock[block], undo.tops) {
      tops[event] = top
      pending[event] += problem.blocks[block].bytes
    }
  }
}
