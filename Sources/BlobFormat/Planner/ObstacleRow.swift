// SPDX-License-Identifier: Apache-2.0

/// The offsets that the neighbours placed so far forbid a block, in ascending order.
struct ObstacleRow {
  /// Offsets that a block must not have: those between two numbers, but for a hole.
  private struct Obstacle {
    var start: Int
    var end: Int
    var hole: Int?

    func forbids(_ offset: Int) -> Bool { start < offset && offset < end && offset != hole }
  }

  private var obstacles: [Obstacle] = []
  private var holeCount = 0

  mutating func removeAll() {
    obstacles.removeAll(keepingCapacity: true)
    holeCount = 0
  }

  /// Adds what a neighbour that lies at `offset` forbids.
  mutating func insert(_ neighbour: PlacementProblem.Neighbour, at offset: Int) {
    let obstacle = Obstacle(
      start: offset - neighbour.ahead, end: offset + neighbour.behind,
      hole: neighbour.mayCoincide ? offset : nil)
    if neighbour.mayCoincide { holeCount += 1 }
    // Few neighbours are placed: their order is kept rather than made anew.
    obstacles.append(obstacle)
    var position = obstacles.count - 1
    while position > 0, obstacles[position - 1].start > obstacle.start {
      obstacles[position] = obstacles[position - 1]
      position -= 1
    }
    obstacles[position] = obstacle
  }

  /// An offset that no obstacle forbids.
  func gap(fit: PlacementProblem.Fit) -> Int {
    let offset = gapBetween(fit: fit)
    guard holeCount > 0 else { return offset }
    var lowest = offset
    for obstacle in obstacles {
      guard let hole = obstacle.hole, hole < lowest else { continue }
      if !obstacles.contains(where: { $0.forbids(hole) }) { lowest = hole }
    }
    return lowest
  }

  private func gapBetween(fit: PlacementProblem.Fit) -> Int {
    var floor = 0
    var best: (offset: Int, slack: Int)?
    for obstacle in obstacles where obstacle.start < obstacle.end {
      let slack = obstacle.start - floor
      if slack >= 0, slack < best?.slack ?? .max {
        best = (floor, slack)
        if fit == .lowest { return floor }
      }
      floor = max(floor, obstacle.end)
    }
    return best?.offset ?? floor
  }
}
