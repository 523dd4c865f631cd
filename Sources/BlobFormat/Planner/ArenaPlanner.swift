// SPDX-License-Identifier: Apache-2.0

/// Places everything that an inference keeps in RAM into one arena.
///
/// Items whose lifetimes do not meet may share bytes; items alive during the same step never do,
/// unless an ``ArenaAlias`` says so. The same request gives the same plan on every machine: ties go to
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
  /// - Returns: The smallest plan found.
  /// - Throws: ``BlobFormatError/illegalPlanRequest(_:)`` for a negative size, a reversed interval, an
  ///   index out of range, or views of different sizes.
  /// - Complexity: O(n² log n) for n items and each of the orders tried, plus `effort`.
  public func plan(
    _ items: [ArenaItem], aliases: [ArenaAlias] = []
  ) throws(BlobFormatError) -> ArenaPlan {
    try validate(items, aliases)
    var best: ArenaPlan?
    var lowerBound = Int.max
    for chosen in Self.variants(of: aliases) {
      let groups = AliasGroups(items: items, aliases: chosen)
      let plan = place(items, groups)
      lowerBound = min(lowerBound, plan.lowerBound)
      if best.map({ plan.arenaBytes < $0.arenaBytes }) ?? true { best = plan }
      if let best, best.arenaBytes <= lowerBound { break }
    }
    guard var best else { return ArenaPlan(offsets: [], arenaBytes: 0, lowerBound: 0) }
    best.lowerBound = lowerBound
    return best
  }

  /// All aliases in order of preference; the other way round; only what must be. The bound of the
  /// first is the lowest, since reuse in place only ever removes bytes from a step.
  private static func variants(of aliases: [ArenaAlias]) -> [[ArenaAlias]] {
    let views = aliases.filter { $0.kind == .view }
    let inPlace = aliases.filter { $0.kind == .inPlace }
    return inPlace.isEmpty ? [views] : [views + inPlace, views + inPlace.reversed(), views]
  }

  private func validate(_ items: [ArenaItem], _ aliases: [ArenaAlias]) throws(BlobFormatError) {
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

  private func place(_ items: [ArenaItem], _ groups: AliasGroups) -> ArenaPlan {
    let occupied = groups.members.indices.filter { groups.bytes[$0] > 0 }
    let problem = PlacementProblem(
      blocks: occupied.map { group in
        PlacementProblem.Block(
          bytes: rounded(groups.bytes[group]), firstStep: groups.firstStep[group],
          lastStep: groups.lastStep[group])
      })
    let placed = solve(problem)
    var offsets = [Int](repeating: 0, count: items.count)
    for (block, group) in occupied.enumerated() {
      for member in groups.members[group] { offsets[member] = placed[block] }
    }
    return ArenaPlan(
      offsets: offsets, arenaBytes: problem.height(of: placed), lowerBound: problem.lowerBound)
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
        if best?.height == problem.lowerBound { return best?.offsets ?? [] }
      }
    }
    guard let start = best else { return [] }
    let exact = PlacementSearch.improve(problem, start.offsets, operationLimit: effort / 2)
    if problem.height(of: exact) == problem.lowerBound { return exact }
    best = (start.order, exact, problem.height(of: exact))
    climb(problem, from: start.order, consider: consider) {
      best?.height == problem.lowerBound
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
