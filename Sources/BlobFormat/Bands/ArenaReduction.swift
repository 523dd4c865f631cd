// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The steps of a lowered graph, changed so that the arena becomes small, and where everything lies: what
/// is packed.
struct ArenaReduction {
  /// The steps to pack.
  let lowered: LoweredGraph
  /// Where they lie.
  let plan: MemoryLayoutPlan
  /// What is executed in bands of rows.
  let bands: [BandSummary]

  /// - Parameters:
  ///   - plain: One step for each operator, for the portable set.
  ///   - savedBytes: Of the model's constants, those that `plain` leaves out.
  ///   - realized: Brings a graph into the form of the kernel set that is asked for.
  /// - Throws: ``BlobFormatError/arenaLimitExceeded(limit:found:reason:)`` if no plan within the limit
  ///   was found.
  static func make(
    _ plain: LoweredGraph, savedBytes: Int, options: PackOptions,
    realized: (LoweredGraph) -> LoweredGraph
  ) throws(BlobFormatError) -> ArenaReduction {
    let whole = realized(plain).limited(to: options.arenaReuse)
    var best = Candidate(whole)
    if options.arenaReuse >= .bands {
      let state = whole.stateBytes
      let limit = options.arenaLimit.map { max(0, $0 - state) }
      best = try smallest(
        plain, best, savedBytes: savedBytes, enough: limit, effort: options.planner.effort, realized
      )
    }
    let plan = try MemoryLayoutPlan.make(
      best.lowered, planner: options.planner, limit: options.arenaLimit)
    if let limit = options.arenaLimit, plan.arenaBytes > limit {
      throw ArenaPeak(best.lowered).excess(over: limit, found: plan.arenaBytes)
    }
    return ArenaReduction(lowered: best.lowered, plan: plan, bands: best.bands)
  }

  /// A graph with bands or without.
  private struct Candidate {
    var lowered: LoweredGraph
    var bands: [BandSummary] = []

    init(_ lowered: LoweredGraph) { self.lowered = lowered }

    init(_ trial: BandTrial, of plain: LoweredGraph) {
      lowered = trial.lowered
      bands = trial.chains.map { BandSummary($0, in: plain) }
    }

    func arenaBytes() throws(BlobFormatError) -> Int {
      let request = ArenaRequest(lowered, inputsSurvive: false)
      return try ArenaPlanner(effort: 100_000)
        .plan(request.items, overlaps: request.overlaps).arenaBytes
    }
  }

  /// The cheapest of the graphs whose arena is small enough, or the one whose arena is smallest: as it is,
  /// with what bands may cost unasked, with whatever they cost; each also with pixels copied for shortcuts.
  private static func smallest(
    _ plain: LoweredGraph, _ whole: Candidate, savedBytes: Int, enough limit: Int?, effort: Int,
    _ realized: (LoweredGraph) -> LoweredGraph
  ) throws(BlobFormatError) -> Candidate {
    var best = whole
    var bytes = try whole.arenaBytes()
    var graphs = [whole.lowered]
    if let copying = try plain.subsampled().map(realized) { graphs.append(copying) }
    for isUnlimited in [false, true] {
      if let limit { if bytes <= limit { return best } } else if isUnlimited { break }
      let trials = graphs.concurrentMap { graph in
        Result { () throws(BlobFormatError) in
          var search = BandSearch(
            plain: graph,
            budget: isUnlimited ? .unlimited : BandBudget(graph, savedBytes: savedBytes),
            enough: limit,
            effort: 2 * effort)
          return try search.run()
        }
      }
      for (graph, trial) in zip(graphs, trials) {
        if let limit, bytes <= limit { return best }
        guard let trial = try trial.get() else { continue }
        let candidate = Candidate(trial, of: graph)
        let found = try candidate.arenaBytes()
        // Less than 2 % are not worth the copies.
        if found < bytes - bytes / 50 || found < bytes && isUnlimited {
          (best, bytes) = (candidate, found)
        }
      }
    }
    return best
  }
}

extension LoweredGraph {
  /// Bytes of the state region.
  fileprivate var stateBytes: Int {
    state.reduce(0) { $0 + (graph[$1.tensor].byteCount + 15) / 16 * 16 }
  }

  /// The same steps, which do not overlap unless that is asked for.
  fileprivate func limited(to reuse: ArenaReuse) -> LoweredGraph {
    guard reuse < .overlaps else { return self }
    var result = self
    for index in result.steps.indices where result.steps[index].overlap != .exact {
      result.steps[index].overlap = .none
    }
    return result
  }
}
