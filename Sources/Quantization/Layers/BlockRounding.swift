// SPDX-License-Identifier: Apache-2.0

/// Rounds one block of a layer, in the way that does best on rows that it did not see.
struct BlockRounding: Sendable {
  let grid: WeightGrid
  /// Whether samples are used at all.
  let roundsAgainstOutputs: Bool
  /// A lower bound for the scale of each row.
  let smallestScales: [Float]

  /// The ways, from the one that trusts the samples least.
  private static let ways: [LayerRounding] = {
    var nearest = LayerRounding()
    nearest.method = .nearest
    nearest.compensatesInputs = false
    var plain = LayerRounding()
    plain.compensatesInputs = false
    var careful = LayerRounding()
    careful.damping = 0.2
    return [nearest, plain, careful, LayerRounding()]
  }()

  func round(
    _ weights: WeightMatrix, even: InputMoments, odd: InputMoments, all: InputMoments
  ) -> LayerRounding.Outcome {
    guard roundsAgainstOutputs, even.count > 1, odd.count > 1 else {
      return Self.ways[0].round(
        weights, moments: all, grid: grid, smallestScales: smallestScales)
    }
    var best = (error: Double.infinity, way: Self.ways[0])
    for way in Self.ways {
      let outcome = way.round(weights, moments: even, grid: grid, smallestScales: smallestScales)
      let error = odd.error(of: outcome.weights.values, for: weights)
      if error < best.error { best = (error, way) }
    }
    return best.way.round(weights, moments: all, grid: grid, smallestScales: smallestScales)
  }
}
