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
  /// The next blocks of every depth of the search, one depth after the other.
  private var choices: [Int] = []
  /// Levels and tops that blocks laid so far have changed, as they were before.
  private var levelsBefore: [(block: Int, level: Int)] = []
  private var topsBefore: [Int] = []
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
    let first = choices.count
    pushChoices(after: last)
    for position in first..<choices.count where !isDone {
      let block = choices[position]
      let offset = levels[block]
      guard offset + problem.blocks[block].bytes < bestHeight else { continue }
      let mark = levelsBefore.count
      push(block, at: offset)
      descend(placed: placed + 1, last: (offset, block))
      pop(block, to: mark)
    }
    choices.removeLast(choices.count - first)
  }

  /// Whether some step cannot take what still has to come below the best height.
  private mutating func isHopeless(floor: Int) -> Bool {
    for event in 0..<tops.count where pending[event] > 0 {
      let level = isSharing[event] ? lowestLevel(at: event) : tops[event]
      if max(level, floor) + pending[event] - shared[event] >= bestHeight { return true }
    }
    return false
  }

  /// The lowest offset that a block alive at an event can still get.
  private mutating func lowestLevel(at event: Int) -> Int {
    operationsLeft -= problem.alive[event].count
    var lowest = Int.max
    for block in problem.alive[event] where offsets[block] < 0 {
      lowest = min(lowest, levels[block])
    }
    return lowest
  }

  /// Whether a block comes after another one of the same offset.
  private func isAfter(_ block: Int, _ other: Int) -> Bool {
    other < 0 || problem.rank[block] > problem.rank[other]
  }

  /// Adds the blocks that may come next, lowest first, then longest-lived, then largest.
  private mutating func pushChoices(after last: (offset: Int, block: Int)) {
    let first = choices.count
    for block in 0..<problem.blocks.count where offsets[block] < 0 {
      let level = levels[block]
      guard level > last.offset || level == last.offset && isAfter(block, last.block) else {
        continue
      }
      choices.append(block)
      var position = choices.count - 1
      while position > first, comesBefore(block, choices[position - 1]) {
        choices[position] = choices[position - 1]
        position -= 1
      }
      choices[position] = block
    }
  }

  private func comesBefore(_ a: Int, _ b: Int) -> Bool {
    if levels[a] != levels[b] { return levels[a] < levels[b] }
    let (blockA, blockB) = (problem.blocks[a], problem.blocks[b])
    let (spanA, spanB) = (blockA.lastStep - blockA.firstStep, blockB.lastStep - blockB.firstStep)
    if spanA != spanB { return spanA > spanB }
    return blockA.bytes != blockB.bytes ? blockA.bytes > blockB.bytes : a < b
  }

  private mutating func push(_ block: Int, at offset: Int) {
    let top = offset + problem.blocks[block].bytes
    offsets[block] = offset
    for neighbour in problem.neighbours[block] where offsets[neighbour.block] < 0 {
      let (other, level) = (neighbour.block, offset + neighbour.ahead)
      if levels[other] < level {
        levelsBefore.append((other, levels[other]))
        levels[other] = level
      }
      if neighbour.shared > 0 { share(-neighbour.shared, between: block, and: other) }
    }
    for event in eventsOfBlock[block] {
      topsBefore.append(tops[event])
      tops[event] = max(tops[event], top)
      pending[event] -= problem.blocks[block].bytes
    }
    operationsLeft -= problem.neighbours[block].count
  }

  private mutating func share(_ bytes: Int, between block: Int, and other: Int) {
    for event in eventsOfBlock[block].clamped(to: eventsOfBlock[other]) { shared[event] += bytes }
  }

  /// Takes the block that was laid last away again.
  private mutating func pop(_ block: Int, to mark: Int) {
    offsets[block] = -1
    for event in eventsOfBlock[block].reversed() {
      tops[event] = topsBefore.removeLast()
      pending[event] += problem.blocks[block].bytes
    }
    for neighbour in problem.neighbours[block]
    where neighbour.shared > 0 && offsets[neighbour.block] < 0 {
      share(neighbour.shared, between: block, and: neighbour.block)
    }
    while levelsBefore.count > mark {
      let (neighbour, level) = levelsBefore.removeLast()
      levels[neighbour] = level
    }
  }
}
