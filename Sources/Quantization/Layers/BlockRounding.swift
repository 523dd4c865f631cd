// SPDX-License-Identifier: Apache-2.0

/// Rounds one block of a layer, in the way that does best on rows that it did not see.
struct BlockRounding: Sendable {
  let grid: WeightGrid
  /// Whether samples are used at all.
  let roundsAgainstOutputs: Bool
  /// A lower bound for the scale of each row.
  let smallestScales: [Float]
  /// How many threads work on rows.
  let threads: Int

  /// The ways, from the one that trusts the samples least; fewer where each takes long.
  private func ways(rows: Int, columns: Int) -> [LayerRounding] {
    var nearest = LayerRounding()
    nearest.method = .nearest
    nearest.compensatesInputs = false
    guard roundsAgainstOutputs else { return [nearest] }
    var plain = LayerRounding()
    plain.compensatesInputs = false
    var careful = LayerRounding()
    careful.damping = 0.2
    guard grid.bits == 8 else { return [nearest, plain, careful, LayerRounding()] }
    switch Effort(rows: rows, columns: columns) {
    case .all: return [nearest, plain, careful, LayerRounding()]
    case .some: return [nearest, LayerRounding()]
    case .least: return [nearest]
    }
  }

  func round(
    _ weights: WeightMatrix, even: InputMoments, odd: InputMoments, all: InputMoments
  ) -> LayerRounding.Outcome {
    let ways = ways(rows: weights.rows, columns: weights.columns)
    var best = (error: Double.infinity, way: ways[0])
    let whole = problem(weights, all)
    guard ways.count > 1, even.count > 1, odd.count > 1 else { return best.way.round(whole) }
    let half = problem(weights, even)
    let judge = RoundingJudge(weights, moments: odd)
    for way in ways {
      let error = judge.error(of: way.round(half).weights.values)
      if error < best.error { best = (error, way) }
    }
    return best.way.round(whole)
  }

  private func problem(_ weights: WeightMatrix, _ moments: InputMoments) -> RoundingProblem {
    RoundingProblem(
      weights, moments: moments, grid: grid, smallestScales: smallestScales, threads: threads)
  }
}

/// How many ways of rounding to int8 are tried. There little is to be gained, so that a large layer must
/// not take longer than all others.
enum Effort {
  case all, some, least

  private static let limits = (all: 60_000_000, some: 600_000_000)

  init(rows: Int, columns: Int) {
    // Factoring the Hessian, and some sweeps of descent.
    let work = columns * columns * (columns / 3 + 8 * rows)
    self = work <= Self.limits.all ? .all : work <= Self.limits.some ? .some : .least
  }
}
