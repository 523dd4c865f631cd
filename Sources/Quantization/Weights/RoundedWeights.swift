// SPDX-License-Identifier: Apache-2.0

/// Weights on a grid: int8 integers under one scale a row.
struct RoundedWeights: Equatable, Sendable {
  /// How many output channels there are.
  let rows: Int
  /// How many weights an output channel has.
  let columns: Int
  /// The grid they lie on.
  let grid: WeightGrid
  /// rows * columns effective values: with groups, element times multiplier.
  var integers: [Int8]
  /// What one step of an integer is worth, for each row: finite and above zero.
  var scales: [Float]
  /// For each row the multipliers of its groups, 0...15; `nil` without groups.
  var groupMultipliers: [UInt8]?

  /// The weights these stand for, row-major.
  var values: [Float] {
    var values = [Float](repeating: 0, count: integers.count)
    for row in 0..<rows {
      for index in row * columns..<(row + 1) * columns {
        values[index] = Float(integers[index]) * scales[row]
      }
    }
    return values
  }

  /// The same with rows taken from several of one row each.
  init(joining parts: [RoundedWeights], grid: WeightGrid, columns: Int) {
    self.init(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: columns, grid: grid,
      integers: parts.flatMap(\.integers), scales: parts.flatMap(\.scales),
      groupMultipliers: grid.groupSize == nil
        ? nil : parts.flatMap { $0.groupMultipliers ?? [] })
  }

  /// Takes integers that lie on the grid.
  init(
    rows: Int, columns: Int, grid: WeightGrid, integers: [Int8], scales: [Float],
    groupMultipliers: [UInt8]?
  ) {
    self.rows = rows
    self.columns = columns
    self.grid = grid
    self.integers = integers
    self.scales = scales
    self.groupMultipliers = groupMultipliers
  }
}
