// SPDX-License-Identifier: Apache-2.0

/// The values that the weights of one row may take, with its scale and multipliers decided.
struct RowLattice: Sendable {
  /// The grid.
  let grid: WeightGrid
  /// What one step of an element is worth, for each column; zero where the group's multiplier is.
  private(set) var steps: [Float]
  /// The multiplier for each column; 1 without groups.
  private(set) var multipliers: [Float]

  /// Spreads a row's steps over its columns.
  init(grid: WeightGrid, columns: Int, steps: ScaleSearch.Steps) {
    self.grid = grid
    multipliers = [Float](repeating: 1, count: columns)
    if let groupMultipliers = steps.multipliers {
      for (group, multiplier) in zip(grid.groups(columns: columns), groupMultipliers) {
        for column in group { multipliers[column] = Float(multiplier) }
      }
    }
    self.steps = multipliers.map { $0 * steps.scale }
  }

  /// The nearest element to a value in a column, before its multiplier.
  @inline(__always)
  func element(nearest value: Float, column: Int) -> Float {
    let step = steps[column]
    guard step > 0 else { return 0 }
    return (value / step).rounded(
      within: Float(grid.elementRange.lowerBound), Float(grid.elementRange.upperBound))
  }

  /// Rounds each value by itself.
  func nearest(_ values: ArraySlice<Float>) -> [Int8] {
    values.enumerated().map { column, value in
      Int8(element(nearest: value, column: column) * multipliers[column])
    }
  }
}

extension RoundedWeights {
  /// Scale and multipliers of a row.
  func steps(ofRow row: Int) -> ScaleSearch.Steps {
    let count = grid.groups(columns: columns).count
    return ScaleSearch.Steps(
      scale: scales[row],
      multipliers: groupMultipliers.map { Array($0[row * count..<(row + 1) * count]) })
  }
}
