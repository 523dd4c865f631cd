// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution

/// Rounds the float weights of a layer to a grid. Pure functions: same arguments, same integers.
enum WeightRounding {
  /// Rounds each weight to its nearest value, after a search of scales.
  ///
  /// - Parameters:
  ///   - weights: The float weights.
  ///   - grid: The values allowed.
  ///   - importance: What an error of each column costs, the diagonal of the layer's Hessian; all
  ///     columns alike without it.
  ///   - clips: Whether the search may clip the largest weights.
  ///   - smallestScales: A lower bound for the scale of each row, zero for none.
  ///   - threads: How many work on rows.
  static func nearest(
    _ weights: WeightMatrix, grid: WeightGrid, importance: [Float]? = nil, clips: Bool = true,
    smallestScales: [Float]? = nil, threads: Int = 1
  ) -> RoundedWeights {
    let weightOfColumn = usable(importance, columns: weights.columns)
    let search = ScaleSearch(grid: grid, clips: clips)
    return assemble(weights, grid: grid, threads: threads) { row in
      let values = weights.values[weights.range(ofRow: row)]
      let steps = search.steps(
        for: values, importance: weightOfColumn[...], smallest: smallestScales?[row] ?? 0)
      let lattice = RowLattice(grid: grid, columns: weights.columns, steps: steps)
      return (steps, lattice.nearest(values))
    }
  }

  /// Rounds columns one after the other, each taking up what those before it left over (GPTQ), by the
  /// Cholesky factor of the Hessian.
  ///
  /// With H = RᵀR the column j is rounded at the point which makes the sum of squares of R's row j
  /// vanish; this is GPTQ with the columns in reverse order, without the inverse of H.
  ///
  /// - Parameters:
  ///   - weights: The float weights.
  ///   - grid: The values allowed.
  ///   - hessian: The regularized second moment of the layer's input.
  ///   - smallestScales: A lower bound for the scale of each row, zero for none.
  static func gptq(
    _ weights: WeightMatrix, grid: WeightGrid, hessian: Hessian, smallestScales: [Float]? = nil
  ) -> RoundedWeights {
    let start = nearest(
      weights, grid: grid, importance: hessian.diagonal, smallestScales: smallestScales)
    guard let plan = SequentialRounding(hessian) else { return start }
    return gptq(weights, start: start, plan: plan)
  }

  /// Rounds column after column with scales and multipliers given.
  static func gptq(
    _ weights: WeightMatrix, start: RoundedWeights, plan: SequentialRounding, threads: Int = 1
  ) -> RoundedWeights {
    assemble(weights, grid: start.grid, threads: threads) { row in
      let steps = start.steps(ofRow: row)
      let lattice = RowLattice(grid: start.grid, columns: weights.columns, steps: steps)
      return (steps, plan.round(weights.values[weights.range(ofRow: row)], lattice: lattice))
    }
  }

  private static func usable(_ importance: [Float]?, columns: Int) -> [Float] {
    guard let importance, importance.count == columns, importance.contains(where: { $0 > 0 })
    else { return [Float](repeating: 1, count: columns) }
    // A column that never varied must not lose its weights altogether: they count a little.
    let least = importance.reduce(0, +) / Float(columns) * 1e-4
    return importance.map { max($0, least) }
  }

  /// Rounds the rows, in parallel, and puts them together.
  static func assemble(
    _ weights: WeightMatrix, grid: WeightGrid, threads: Int = 1,
    row rounded: @Sendable (Int) -> (ScaleSearch.Steps, [Int8])
  ) -> RoundedWeights {
    var result = RoundedWeights(
      rows: weights.rows, columns: weights.columns, grid: grid, integers: [], scales: [],
      groupMultipliers: grid.groupSize == nil ? nil : [])
    result.integers.reserveCapacity(weights.values.count)
    let rows = Slots<(ScaleSearch.Steps, [Int8])>(count: weights.rows)
    ParallelRows.forEach(count: weights.rows, threads: threads) { row, _ in
      rows[row] = rounded(row)
    }
    for (steps, integers) in rows.filled {
      result.integers += integers
      result.scales.append(steps.scale)
      if let multipliers = steps.multipliers { result.groupMultipliers? += multipliers }
    }
    return result
  }
}
