// SPDX-License-Identifier: Apache-2.0

/// Lowers the error eᵀHe of rounded rows by moves that each lower it: a group with a new multiplier, a
/// single weight, the row's scale.
///
/// The result is never worse than the start, measured with the Hessian given.
struct WeightDescent: Sendable {
  /// How many times at most all moves are tried.
  var sweepLimit = 6

  /// Refines all rows.
  ///
  /// - Parameters:
  ///   - start: Rounded weights.
  ///   - weights: The float weights that they stand for.
  ///   - hessian: The regularized second moment of the layer's input.
  ///   - smallestScales: A lower bound for the scale of each row, zero for none.
  func refine(
    _ start: RoundedWeights, toward weights: WeightMatrix, hessian: Hessian,
    smallestScales: [Float]? = nil
  ) -> RoundedWeights {
    refine(
      start, toward: weights, blocks: DescentBlocks(hessian: hessian, grid: start.grid),
      smallestScales: smallestScales)
  }

  /// Refines all rows, with the Hessian's part prepared.
  func refine(
    _ start: RoundedWeights, toward weights: WeightMatrix, blocks: DescentBlocks,
    smallestScales: [Float]?, threads: Int = 1
  ) -> RoundedWeights {
    let hessian = blocks.hessian
    let products = MatrixProduct.rows(
      weights.values, times: hessian.values, columns: hessian.columns)
    let rounded = start.values
    let gradients = MatrixProduct.rows(
      zip(rounded, weights.values).map { $0 - $1 }, times: hessian.values,
      columns: hessian.columns)
    return WeightRounding.assemble(weights, grid: start.grid, threads: threads) { row in
      let range = weights.range(ofRow: row)
      var state = DescentState(
        blocks: blocks, weights: weights.values[range], products: products[range],
        gradient: gradients[range], integers: start.integers[range],
        steps: start.steps(ofRow: row))
      descend(&state, grid: start.grid, smallest: smallestScales?[row] ?? 0)
      return (state.steps, state.integers)
    }
  }

  private func descend(_ state: inout DescentState, grid: WeightGrid, smallest: Float) {
    var loss = state.loss
    for _ in 0..<sweepLimit {
      // On a grid of eight bits whole groups hardly move.
      if grid.bits < 8 { state.moveBlocks() }
      state.moveSingles()
      state.moveScale(smallest: smallest)
      let reached = state.loss
      guard reached < loss * (1 - 1e-3) else { break }
      loss = reached
    }
  }
}
