// SPDX-License-Identifier: Apache-2.0

/// Intervals of steps with a size each, to be laid one upon another, apart or as near as some pairs may.
///
/// Items at one offset have been merged by now, sizes and distances are rounded up to the alignment, and
/// nothing is empty.
struct PlacementProblem {
  struct Block {
    var bytes: Int
    var firstStep: Int
    var lastStep: Int

    func isAlive(at step: Int) -> Bool { firstStep <= step && step <= lastStep }

    func meets(_ other: Block) -> Bool {
      firstStep <= other.lastStep && other.firstStep <= lastStep
    }
  }

  /// What a block and one that is alive together with it demand of each other. Of the two conditions one
  /// must hold.
  struct Neighbour {
    var block: Int
    /// How far the block must begin behind the neighbour: its size, unless they may share bytes.
    var behind: Int
    /// How far the neighbour must begin behind the block.
    var ahead: Int
    /// Whether both may lie at one offset, whatever the distances.
    var mayCoincide: Bool
    /// The most bytes that the two can share.
    var shared: Int

    /// The same, as the neighbour sees it.
    func mirrored(block: Int) -> Neighbour {
      Neighbour(
        block: block, behind: ahead, ahead: behind, mayCoincide: mayCoincide, shared: shared)
    }
  }

  let blocks: [Block]
  /// For every block, the others that are alive together with it, ascending.
  let neighbours: [[Neighbour]]
  /// The steps at which some block begins: sums over live blocks peak at one of them.
  let events: [Int]
  /// For every event, the blocks alive then.
  let alive: [[Int]]
  /// For every event, the most bytes that the blocks alive then can share.
  let shared: [Int]
  /// For every event, the bytes that the blocks alive then take in any placement.
  let bounds: [(step: Int, bytes: Int)]
  /// No placement can be lower: at some step, the blocks alive then take so much.
  let lowerBound: Int
  /// An order of blocks in which one that may lie at or behind the offset of another comes after it.
  let rank: [Int]

  /// - Parameters:
  ///   - distance: How far block a must begin behind block b, if it begins behind it, for blocks that are
  ///     alive together; the size of b if `nil`.
  ///   - mayCoincide: Whether two blocks may lie at one offset all the same; none if `nil`.
  /// - Complexity: O(n²) in the number of blocks.
  init(
    blocks: [Block], distance: ((Int, Int) -> Int)? = nil,
    mayCoincide: ((Int, Int) -> Bool)? = nil
  ) {
    self.blocks = blocks
    neighbours = Self.neighbours(blocks, distance, mayCoincide)
    events = Set(blocks.map(\.firstStep)).sorted()
    alive = events.map { step in blocks.indices.filter { blocks[$0].isAlive(at: step) } }
    let sharing = neighbours.map { $0.filter { $0.shared > 0 } }
    shared = zip(events, alive).map { step, alive in
      var sum = 0
      for a in alive {
        for other in sharing[a] where other.block > a && blocks[other.block].isAlive(at: step) {
          sum += other.shared
        }
      }
      return sum
    }
    bounds = zip(events, alive).map { ($0, Self.leastBytes(blocks, alive: $1, at: $0, sharing)) }
    lowerBound = max(blocks.map(\.bytes).max() ?? 0, bounds.map(\.bytes).max() ?? 0)
    rank = Self.rank(blocks, mayCoincide: neighbours.contains { $0.contains { $0.behind == 0 } })
  }

  /// No placement of blocks that are alive together takes fewer bytes.
  ///
  /// One after the other, each adds its size without what it shares with those before it, which is at most
  /// all of it.
  private static func leastBytes(
    _ blocks: [Block], alive: [Int], at step: Int, _ sharing: [[Neighbour]]
  ) -> Int {
    var sum = 0
    for a in alive {
      var own = blocks[a].bytes
      for other in sharing[a] where blocks[other.block].isAlive(at: step) {
        if (blocks[other.block].firstStep, other.block) < (blocks[a].firstStep, a) {
          own -= other.shared
        }
      }
      sum += max(0, own)
    }
    return sum
  }

  private static func neighbours(
    _ blocks: [Block], _ distance: ((Int, Int) -> Int)?, _ mayCoincide: ((Int, Int) -> Bool)?
  ) -> [[Neighbour]] {
    var result = [[Neighbour]](repeating: [], count: blocks.count)
    for a in blocks.indices {
      for b in (a + 1)..<blocks.count where blocks[a].meets(blocks[b]) {
        let neighbour = neighbour(blocks, a, b, distance, mayCoincide?(a, b) ?? false)
        result[a].append(neighbour)
        result[b].append(neighbour.mirrored(block: a))
      }
    }
    return result
  }

  private static func neighbour(
    _ blocks: [Block], _ a: Int, _ b: Int, _ distance: ((Int, Int) -> Int)?, _ mayCoincide: Bool
  ) -> Neighbour {
    let (sizeA, sizeB) = (blocks[a].bytes, blocks[b].bytes)
    let behind = min(sizeB, distance?(a, b) ?? sizeB)
    let ahead = min(sizeA, distance?(b, a) ?? sizeA)
    // The union is smallest where the distance is.
    var union = min(max(sizeB, behind + sizeA), max(sizeA, ahead + sizeB))
    if mayCoincide { union = max(sizeA, sizeB) }
    return Neighbour(
      block: b, behind: behind, ahead: ahead, mayCoincide: mayCoincide,
      shared: sizeA + sizeB - union)
  }

  /// Where a block may lie at the offset of another one, it is the earlier one that counts as higher.
  private static func rank(_ blocks: [Block], mayCoincide: Bool) -> [Int] {
    guard mayCoincide else { return Array(blocks.indices) }
    let order = blocks.indices.sorted {
      (-blocks[$0].firstStep, $0) < (-blocks[$1].firstStep, $1)
    }
    var rank = [Int](repeating: 0, count: blocks.count)
    for (position, block) in order.enumerated() { rank[block] = position }
    return rank
  }

  /// Bytes that a placement takes.
  func height(of offsets: [Int]) -> Int {
    blocks.indices.map { offsets[$0] + blocks[$0].bytes }.max() ?? 0
  }

  /// How a block chooses among the gaps that can hold it.
  enum Fit { case lowest, tightest }

  /// Places the blocks one after the other, each into a gap between those placed before it.
  ///
  /// - Complexity: O(n²), and the square of the neighbours that are placed for each block at worst.
  func place(inOrder order: [Int], fit: Fit) -> [Int] {
    var offsets = [Int](repeating: -1, count: blocks.count)
    var obstacles = ObstacleRow()
    for block in order {
      obstacles.removeAll()
      for neighbour in neighbours[block] {
        let offset = offsets[neighbour.block]
        if offset >= 0 { obstacles.insert(neighbour, at: offset) }
      }
      offsets[block] = obstacles.gap(fit: fit)
    }
    return offsets
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
