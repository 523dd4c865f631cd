// SPDX-License-Identifier: Apache-2.0

/// Intervals of steps with a size each, to be laid one upon another without overlap.
///
/// Aliased items have been merged by now, sizes are rounded up to the alignment, and nothing is empty.
struct PlacementProblem {
  struct Block {
    var bytes: Int
    var firstStep: Int
    var lastStep: Int
  }

  let blocks: [Block]
  /// For every block, the others that are alive together with it, ascending.
  let neighbours: [[Int]]
  /// The steps at which some block begins: sums over live blocks peak at one of them.
  let events: [Int]
  /// For every event, the blocks alive then.
  let alive: [[Int]]
  /// The largest sum of the sizes of blocks alive together.
  let lowerBound: Int

  /// - Complexity: O(n²) in the number of blocks.
  init(blocks: [Block]) {
    self.blocks = blocks
    neighbours = blocks.indices.map { a in
      blocks.indices.filter { b in
        a != b && blocks[a].firstStep <= blocks[b].lastStep
          && blocks[b].firstStep <= blocks[a].lastStep
      }
    }
    events = Set(blocks.map(\.firstStep)).sorted()
    alive = events.map { step in
      blocks.indices.filter { blocks[$0].firstStep <= step && step <= blocks[$0].lastStep }
    }
    lowerBound = alive.map { $0.reduce(0) { sum, block in sum + blocks[block].bytes } }.max() ?? 0
  }

  /// Bytes that a placement takes.
  func height(of offsets: [Int]) -> Int {
    blocks.indices.map { offsets[$0] + blocks[$0].bytes }.max() ?? 0
  }

  /// How a block chooses among the gaps that can hold it.
  enum Fit { case lowest, tightest }

  /// Places the blocks one after the other, each into a gap between those placed before it.
  ///
  /// - Complexity: O(n² log n).
  func place(inOrder order: [Int], fit: Fit) -> [Int] {
    var offsets = [Int](repeating: -1, count: blocks.count)
    for block in order {
      let obstacles = neighbours[block].filter { offsets[$0] >= 0 }
        .map { (start: offsets[$0], end: offsets[$0] + blocks[$0].bytes) }
        .sorted { $0.start < $1.start }
      offsets[block] = Self.gap(for: blocks[block].bytes, among: obstacles, fit: fit)
    }
    return offsets
  }

  private static func gap(for bytes: Int, among obstacles: [(start: Int, end: Int)], fit: Fit)
    -> Int
  {
    var floor = 0
    var best: (offset: Int, slack: Int)?
    for obstacle in obstacles {
      let slack = obstacle.start - floor - bytes
      if slack >= 0 {
        if fit == .lowest { return floor }
        if best.map({ slack < $0.slack }) ?? true { best = (floor, slack) }
      }
      floor = max(floor, obstacle.end)
    }
    return best?.offset ?? floor
  }

  /// Orders worth trying, best guesses first; ties go to the lower index.
  func orderings() -> [[Int]] {
    let pressure = blocks.indices.map(peakAround)
    func ordered(by keys: (Int) -> [Int]) -> [Int] {
      blocks.indices.map { (keys($0), $0) }
        .sorted { a, b in
          a.0.lexicographicallyPrecedes(b.0) || (a.0 == b.0 && a.1 < b.1)
        }
        .map(\.1)
    }
    func span(_ block: Int) -> Int { blocks[block].lastStep - blocks[block].firstStep + 1 }
    return [
      ordered { [-blocks[$0].bytes, -span($0)] },
      ordered { [-pressure[$0], -blocks[$0].bytes] },
      ordered { [-span($0), -blocks[$0].bytes] },
      ordered { [-blocks[$0].bytes * span($0)] },
      ordered { [blocks[$0].firstStep, -blocks[$0].bytes] },
      ordered { [-blocks[$0].lastStep, -blocks[$0].bytes] },
    ]
  }

  /// The largest sum of live sizes while `block` is alive.
  private func peakAround(_ block: Int) -> Int {
    alive.filter { $0.contains(block) }
      .map { $0.reduce(0) { $0 + blocks[$1].bytes } }
      .max() ?? 0
  }
}
