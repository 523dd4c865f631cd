// SPDX-License-Identifier: Apache-2.0

/// Branch and bound over placements, within a bounded number of elementary operations.
///
/// Blocks are laid in the order of their offsets, lowest first. In a placement in which nothing can
/// sink, every block rests on the floor or on a block below it, so its offset is the highest top
/// among its placed neighbours, and offsets never decrease from one block to the next: trying every
/// next block meets every such placement, hence the best one. A branch ends where, at some step, the
/// level reached plus all that still has to come there is not below the best height known.
struct PlacementSearch {
  private let problem: PlacementProblem
  private var operationsLeft: Int

  private var best: [Int]
  private var bestHeight: Int

  private var offsets: [Int]
  /// Highest top among the placed neighbours of a block.
  private var levels: [Int]
  /// Highest top among the placed blocks alive at an event.
  private var tops: [Int]
  /// Sum of the sizes of the blocks alive at an event that are not placed.
  private var pending: [Int]
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
    eventsOfBlock = problem.blocks.map { block in
      let first = problem.events.firstIndex { $0 >= block.firstStep } ?? problem.events.count
      let end = problem.events.firstIndex { $0 > block.lastStep } ?? problem.events.count
      return first..<max(first, end)
    }
  }

  private var isDone: Bool { bestHeight == problem.lowerBound || operationsLeft <= 0 }

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
  private func isHopeless(floor: Int) -> Bool {
    tops.indices.contains { event in
      pending[event] > 0 && max(tops[event], floor) + pending[event] >= bestHeight
    }
  }

  /// The blocks that may come next, lowest first, then longest-lived, then largest.
  private func candidates(after last: (offset: Int, block: Int)) -> [Int] {
    let blocks = problem.blocks
    return blocks.indices
      .filter { block in
        offsets[block] < 0
          && (levels[block] > last.offset || (levels[block] == last.offset && block > last.block))
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
  }

  private mutating func push(_ block: Int, at offset: Int) -> Undo {
    let top = offset + problem.blocks[block].bytes
    var undo = Undo()
    offsets[block] = offset
    for neighbour in problem.neighbours[block]
    where offsets[neighbour] < 0 && levels[neighbour] < top {
      undo.levels.append((neighbour, levels[neighbour]))
      levels[neighbour] = top
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
    for (event, top) in zip(eventsOfBlock[block], undo.tops) {
      tops[event] = top
      pending[event] += problem.blocks[block].bytes
    }
  }
}
