// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Looks for chains of steps that, executed in bands of rows, lower the arena.
///
/// It aims at a number of bytes: around every step that cannot do with them, the cheapest chain that can is
/// taken; a planner says what comes of it, and where tensors would have to move upwards, single steps
/// are turned. Bisection finds the least aim that is reached. In the end, chains and bands that the arena
/// does not need are given up.
struct BandSearch {
  private let plain: LoweredGraph
  private let budget: BandBudget
  /// Bytes that are few enough; 0: as few as possible.
  private let enough: Int
  /// Elementary operations that trials may still cost.
  private var operationsLeft: Int
  /// What the steps of a chain need, by chain.
  private var needs: [BandedChain: Need] = [:]

  private struct Need {
    /// Bytes of the arena during the chain.
    var bytes: Int
    /// Bytes of the blob.
    var blobBytes: Int
    var isCovered: Bool
  }

  /// A trial and the arena that a planner finds for it.
  private typealias Planned = (trial: BandTrial, bytes: Int)

  /// Steps of a chain, at most.
  private static let chainLimit = 6
  /// Places items quickly: trials are many.
  private static let planner = ArenaPlanner(effort: 4_000)
  /// Places items where it matters.
  private static let thoroughPlanner = ArenaPlanner(effort: 100_000)

  /// - Parameters:
  ///   - enough: Bytes that are few enough; as few as possible if `nil`.
  ///   - effort: Elementary operations that the search may cost.
  init(plain: LoweredGraph, budget: BandBudget, enough: Int?, effort: Int) {
    self.plain = plain
    self.budget = budget
    self.enough = enough ?? 0
    operationsLeft = effort
  }

  /// The best trial found; its chains are empty if bands do not help.
  mutating func run() throws(BlobFormatError) -> BandTrial? {
    guard let bare = trial([]) else { return nil }
    let whole = try planned(bare, aim: enough)
    guard whole.bytes > enough else { return bare }
    let best = try bisect(whole)
    // Less than 2 % are not worth a band.
    if enough == 0, best.bytes > whole.bytes - whole.bytes / 50 { return bare }
    return try simplified(best.trial, limit: max(best.bytes, enough))
  }

  private mutating func bisect(_ whole: Planned) throws(BlobFormatError) -> Planned {
    var best = whole
    if enough > 0, let found = try reach(enough, whole), found.bytes < best.bytes {
      best = found
      if found.bytes <= enough { return best }
    }
    // More is reached; less is not.
    var (low, high) = (enough, best.bytes)
    while high - low > max(16, whole.bytes / 64), operationsLeft > 0 {
      let aim = (low + high) / 2
      if let found = try reach(aim, whole), found.bytes < best.bytes {
        best = found
        high = min(aim, found.bytes)
      } else {
        low = aim
      }
    }
    return best
  }

  /// A trial; `nil` if a chain has no legal steps, or if there have been enough of them.
  private mutating func trial(_ chains: [BandedChain]) -> BandTrial? {
    guard operationsLeft > 0, let trial = BandTrial(plain, chains) else { return nil }
    operationsLeft -= trial.itemCount * trial.itemCount * 10
    return trial
  }

  /// A trial with its arena, looked for more thoroughly if it is not within `aim` bytes at once.
  private func planned(_ trial: BandTrial, aim: Int) throws(BlobFormatError) -> Planned {
    let bytes = try trial.arenaBytes(Self.planner)
    guard bytes > aim, trial.peaks.max() ?? 0 < bytes else { return (trial, bytes) }
    return (trial, min(bytes, try trial.arenaBytes(Self.thoroughPlanner)))
  }

  // MARK: Aiming

  /// A trial in which every step does with `aim` bytes, and the arena that it really takes; `nil` if there
  /// is none within the budget.
  private mutating func reach(_ aim: Int, _ whole: Planned) throws(BlobFormatError) -> Planned? {
    var best: Planned?
    for prefersReach in [false, true] {
      guard let chains = try chains(for: aim, whole.trial, prefersReach: prefersReach),
        let trial = trial(chains), budget.covers(trial)
      else { continue }
      let planned = try planned(trial, aim: aim)
      let found = planned.bytes > aim ? try turned(planned, aim: aim) : planned
      if found.bytes < best?.bytes ?? .max { best = found }
      if found.bytes <= aim { break }
    }
    return best
  }

  /// The cheapest chains around the steps that need more than `aim` bytes; `nil` if one has none.
  ///
  /// - Parameter prefersReach: Whether to take chains that help more such steps, rather than cheap ones.
  private mutating func chains(
    for aim: Int, _ whole: BandTrial, prefersReach: Bool
  ) throws(BlobFormatError) -> [BandedChain]? {
    var chains: [BandedChain] = []
    let hungry = whole.peaks.indices.filter { whole.peaks[$0] > aim }
      .sorted { (-whole.peaks[$0], $0) < (-whole.peaks[$1], $1) }
    for step in hungry where !chains.contains(where: { $0.steps.contains(step) }) {
      var best: (chain: BandedChain, rank: (Int, Int))?
      for steps in windows(around: step, avoiding: chains) {
        guard let chain = try cheapest(steps, aim: aim), let need = needs[chain] else { continue }
        let helped = prefersReach ? -hungry.count { steps.contains($0) } : 0
        let rank = (helped, need.blobBytes)
        if best.map({ rank < $0.rank }) ?? true { best = (chain, rank) }
      }
      guard let best else { return nil }
      chains.append(best.chain)
    }
    return chains
  }

  /// Chains that contain a step and no step of others, short ones first.
  private func windows(around step: Int, avoiding others: [BandedChain]) -> [ClosedRange<Int>] {
    var result: [ClosedRange<Int>] = []
    for first in max(0, step - Self.chainLimit + 1)...step {
      for last in step..<min(plain.steps.count, first + Self.chainLimit) {
        let steps = first...last
        let isFree = !others.contains { $0.steps.overlaps(steps) }
        let chain = BandedChain(steps: steps, rowsPerBand: 1)
        if isFree, BandExpansion(chain, in: plain) != nil { result.append(steps) }
      }
    }
    return result.sorted { ($0.count, $0.lowerBound) < ($1.count, $1.lowerBound) }
  }

  /// The chain of these steps with the fewest bands that does with `aim` bytes; `nil` if none does.
  private mutating func cheapest(
    _ steps: ClosedRange<Int>, aim: Int
  ) throws(BlobFormatError) -> BandedChain? {
    for usesBuffers in steps.count > 1 ? [false, true] : [false] {
      var chain = BandedChain(steps: steps, rowsPerBand: 1, usesBuffers: usesBuffers)
      var heights = bandHeights(of: steps.upperBound)
      // Many bands may cost too much, or begin at odd addresses.
      while let rows = heights.last {
        chain.rowsPerBand = rows
        if try need(of: chain)?.isCovered == true { break }
        heights.removeLast(max(1, heights.count / 3))
      }
      guard let finest = try need(of: chain), finest.isCovered, finest.bytes <= aim else {
        continue
      }
      var range = 0..<(heights.count - 1)
      while !range.isEmpty {
        let middle = (range.lowerBound + range.upperBound) / 2
        var coarser = chain
        coarser.rowsPerBand = heights[middle]
        if let need = try need(of: coarser), need.bytes <= aim {
          chain = coarser
          range = range.lowerBound..<middle
        } else {
          range = (middle + 1)..<range.upperBound
        }
      }
      return chain
    }
    return nil
  }

  private mutating func need(of chain: BandedChain) throws(BlobFormatError) -> Need? {
    if let known = needs[chain] { return known }
    guard let trial = trial([chain]) else { return nil }
    let need = Need(
      bytes: try trial.chainBytes(Self.planner), blobBytes: trial.blobBytes,
      isCovered: budget.covers(trial))
    needs[chain] = need
    return need
  }

  /// Rows per band worth trying, from few bands to many.
  private func bandHeights(of step: Int) -> [Int] {
    guard let height = RowStep(plain.steps[step], plain)?.height, height > 1 else { return [] }
    var heights: [Int] = []
    for bands in 2...height {
      let rows = (height + bands - 1) / bands
      if heights.last.map({ rows < $0 }) ?? true { heights.append(rows) }
    }
    return heights
  }

  // MARK: Turning

  /// The same with single steps from the last band to the first, where tensors have to move upwards, as
  /// long as that helps a planner.
  private mutating func turned(_ start: Planned, aim: Int) throws(BlobFormatError) -> Planned {
    var best = start
    while best.bytes > aim {
      var next = best
      for step in plain.steps.indices
      where !best.trial.chains.contains(where: { $0.steps.contains(step) }) {
        for rows in bandHeights(of: step).prefix(budget.isUnlimited ? 8 : 2) {
          let chain = BandedChain(steps: step...step, rowsPerBand: rows, isReversed: true)
          guard let candidate = trial(best.trial.chains + [chain]), budget.covers(candidate),
            candidate.peaks.max() ?? 0 < next.bytes
          else { continue }
          let bytes = try candidate.arenaBytes(Self.planner)
          if bytes < next.bytes { next = (candidate, bytes) }
        }
      }
      guard next.bytes < best.bytes else { break }
      best = next
    }
    return best
  }

  // MARK: Simplifying

  /// The same without chains, and with as few bands, as an arena of `limit` bytes needs.
  private func simplified(
    _ trial: BandTrial, limit: Int
  ) throws(BlobFormatError) -> BandTrial {
    var best = trial
    for chain in trial.chains {
      let others = best.chains.filter { $0 != chain }
      let simpler =
        [others]
        + bandHeights(of: chain.steps.upperBound).filter { $0 > chain.rowsPerBand }.map { rows in
          var wider = chain
          wider.rowsPerBand = rows
          return others + [wider]
        }
      for chains in simpler {
        guard let next = BandTrial(plain, chains), next.peaks.max() ?? 0 <= limit,
          try planned(next, aim: limit).bytes <= limit
        else { continue }
        best = next
        break
      }
    }
    return best
  }
}
