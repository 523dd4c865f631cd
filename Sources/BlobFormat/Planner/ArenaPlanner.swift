// SPDX-License-Identifier: Apache-2.0

/// Places everything that an inference keeps in RAM into one arena.
///
/// Items whose lifetimes do not meet may share bytes; items alive during the same step never do,
/// unless an ``ArenaAlias`` or ``ArenaOverlap`` says so. The same request gives the same plan on every machine: ties go to
/// the lower index, and the random search has a fixed seed.
///
/// The planner tries, until the lower bound is reached: several orders of placement (first fit and
/// best fit), a seeded local search over orders, and a branch and bound, each with a bounded effort.
/// Where the lower bound was not reached, a smaller plan may still exist.
public struct ArenaPlanner: Sendable {
  /// What every offset and the arena's size are multiples of; at least 1.
  public var alignment: Int
  /// Elementary operations that improving on the simple orders may cost.
  public var effort: Int

  /// A planner for blobs: offsets are multiples of 16.
  public init(alignment: Int = 16, effort: Int = 4_000_000) {
    self.alignment = max(1, alignment)
    self.effort = max(0, effort)
  }

  /// Finds an offset for every item.
  ///
  /// - Parameters:
  ///   - items: What to place, in any order.
  ///   - aliases: Which of them may lie upon each other, by index.
  ///   - overlaps: Which of them may share bytes, by index.
  /// - Returns: The smallest plan found.
  /// - Throws: ``BlobFormatError/illegalPlanRequest(_:)`` for a negative size, a reversed interval, an
  ///   index out of range, or views of different sizes.
  /// - Complexity: O(n² log n) for n items and each of the orders tried, plus `effort`.
  public func plan(
    _ items: [ArenaItem], aliases: [ArenaAlias] = [], overlaps: [ArenaOverlap] = []
  ) throws(BlobFormatError) -> ArenaPlan {
    try validate(items, aliases, overlaps)
    let distances = ItemDistances(items, overlaps: overlaps, aliases: aliases)
    let views = aliases.filter { $0.kind == .view }.map { ($0.source, $0.target) }
    func merged(_ pairs: [(Int, Int)]) -> (AliasGroups, PlacementProblem, occupied: [Int]) {
      let groups = AliasGroups(items: items, views: views, pairs: pairs, distances: distances)
      let (problem, occupied) = problem(groups, distances)
      return (groups, problem, occupied)
    }
    let bare = merged([])
    let lowerBound = bare.1.lowerBound
    var best: ArenaPlan?
    for pairs in Self.variants(of: aliases, distances) {
      let (groups, problem, occupied) = pairs.isEmpty ? bare : merged(pairs)
      if let best, problem.lowerBound >= best.arenaBytes { continue }
      let plan = place(items, groups, problem, occupied, lowerBound: lowerBound)
      if best.map({ plan.arenaBytes < $0.arenaBytes }) ?? true { best = plan }
      if plan.arenaBytes <= lowerBound { break }
    }
    return best ?? ArenaPlan(offsets: [], arenaBytes: 0, lowerBound: 0)
  }

  /// Bytes that no plan can do without, whichever items of one size lie upon each other.
  func lowerBound(_ items: [ArenaItem], overlaps: [ArenaOverlap]) -> Int {
    problem(items, overlaps).lowerBound
  }

  /// For steps in which items begin, the bytes that no plan can do without then.
  func bounds(
    _ items: [ArenaItem], overlaps: [ArenaOverlap]
  ) -> [(step: Int, bytes: Int)] {
    problem(items, overlaps).bounds
  }

  private func problem(_ items: [ArenaItem], _ overlaps: [ArenaOverlap]) -> PlacementProblem {
    let distances = ItemDistances(items, overlaps: overlaps, aliases: [])
    let groups = AliasGroups(items: items, views: [], pairs: [], distances: distances)
    return problem(groups, distances).problem
  }

  /// Pairs to merge: all in order of preference; the other way round; none.
  private static func variants(
    of aliases: [ArenaAlias], _ distances: ItemDistances
  ) -> [[(Int, Int)]] {
    var pairs = aliases.filter { $0.kind == .inPlace }.map { ($0.source, $0.target) }
    pairs += distances.coinciding
    return pairs.isEmpty ? [[]] : [pairs, pairs.reversed(), []]
  }

  private func validate(
    _ items: [ArenaItem], _ aliases: [ArenaAlias], _ overlaps: [ArenaOverlap]
  ) throws(BlobFormatError) {
    var total = 0
    for item in items {
      guard item.bytes >= 0, item.bytes <= Int.max / 4 else {
        throw .illegalPlanRequest("\(item.name) has a size of \(item.bytes) bytes")
      }
      guard item.firstStep <= item.lastStep else {
        throw .illegalPlanRequest(
          "\(item.name) begins at step \(item.firstStep) after its end at step \(item.lastStep)")
      }
      let (sum, overflow) = total.addingReportingOverflow(rounded(item.bytes))
      guard !overflow else { throw .illegalPlanRequest("the sizes' sum overflows") }
      total = sum
    }
    for overlap in overlaps {
      guard items.indices.contains(overlap.first), items.indices.contains(overlap.second) else {
        throw .illegalPlanRequest("an overlap names an item that is not there")
      }
    }
    for alias in aliases {
      guard items.indices.contains(alias.source), items.indices.contains(alias.target) else {
        throw .illegalPlanRequest("an alias names an item that is not there")
      }
      guard alias.kind == .inPlace || items[alias.source].bytes == items[alias.target].bytes else {
        throw .illegalPlanRequest(
          "\(items[alias.target].name) is a view of \(items[alias.source].name) with another size")
      }
    }
  }

  private func rounded(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }

  private func place(
    _ items: [ArenaItem], _ groups: AliasGroups, _ problem: PlacementProblem, _ occupied: [Int],
    lowerBound: Int
  ) -> ArenaPlan {
    let placed = solve(problem)
    var offsets = [Int](repeating: 0, count: items.count)
    for (block, group) in occupied.enumerated() {
      for member in groups.members[group] { offsets[member] = placed[block] }
    }
    return ArenaPlan(
      offsets: offsets, arenaBytes: problem.height(of: placed), lowerBound: lowerBound)
  }

  /// The groups that take bytes, as blocks.
  private func problem(
    _ groups: AliasGroups, _ distances: ItemDistances
  ) -> (problem: PlacementProblem, groups: [Int]) {
    let occupied = groups.members.indices.filter { groups.bytes[$0] > 0 }
    let blocks = occupied.map { group in
      PlacementProblem.Block(
        bytes: rounded(groups.bytes[group]), firstStep: groups.firstStep[group],
        lastStep: groups.lastStep[group])
    }
    guard !distances.isEmpty else { return (PlacementProblem(blocks: blocks), occupied) }
    let problem = PlacementProblem(
      blocks: blocks,
      distance: { a, b in rounded(distance(groups, occupied[a], occupied[b], distances)) },
      mayCoincide: { a, b in mayCoincide(groups, occupied[a], occupied[b], distances) })
    return (problem, occupied)
  }

  private func mayCoincide(
    _ groups: AliasGroups, _ a: Int, _ b: Int, _ distances: ItemDistances
  ) -> Bool {
    groups.members[a].allSatisfy { first in
      groups.members[b].allSatisfy { distances.mayCoincide(first, $0) }
    }
  }

  /// How far group `a` must begin behind group `b`, if it begins behind it: as far as any two items that
  /// are alive together demand.
  private func distance(
    _ groups: AliasGroups, _ a: Int, _ b: Int, _ distances: ItemDistances
  ) -> Int {
    var result: Int?
    for first in groups.members[a] {
      for second in groups.members[b] where distances.meet(first, second) {
        result = max(result ?? 0, distances.behind(first, second))
      }
    }
    return result ?? groups.bytes[b]
  }

  private func solve(_ problem: PlacementProblem) -> [Int] {
    var best: (order: [Int], offsets: [Int], height: Int)?
    func consider(_ order: [Int], _ fit: PlacementProblem.Fit) {
      let offsets = problem.place(inOrder: order, fit: fit)
      let height = problem.height(of: offsets)
      if best.map({ height < $0.height }) ?? true { best = (order, offsets, height) }
    }
    for order in problem.orderings() {
      for fit in [PlacementProblem.Fit.lowest, .tightest] {
        consider(order, fit)
        if best?.height ?? .max <= problem.lowerBound { return best?.offsets ?? [] }
      }
    }
    guard let start = best else { return [] }
    let exact = PlacementSearch.improve(problem, start.offsets, operationLimit: effort / 2)
    if problem.height(of: exact) <= problem.lowerBound { return exact }
    best = (start.order, exact, problem.height(of: exact))
    climb(problem, from: start.order, consider: consider) {
      best?.height ?? .max <= problem.lowerBound
    }
    return best?.offsets ?? []
  }

  /// Local search: swaps two blocks of the order, keeps what is not worse.
  private func climb(
    _ problem: PlacementProblem, from start: [Int],
    consider: ([Int], PlacementProblem.Fit) -> Void, isDone: () -> Bool
  ) {
    let count = problem.blocks.count
    guard count > 1 else { return }
    var generator = SplitMix64(seed: 0x5348_554E_5442_4C42)
    var order = start
    var height = problem.height(of: problem.place(inOrder: order, fit: .lowest))
    for _ in 0..<(effort / 2 / (count * count)) {
      var next = order
      next.swapAt(generator.next(below: count), generator.next(below: count))
      let offsets = problem.place(inOrder: next, fit: .lowest)
      let nextHeight = problem.height(of: offsets)
      if nextHeight <= height {
        (order, height) = (next, nextHeight)
        consider(next, .lowest)
        if isDone() { return }
      }
    }
  }
}
