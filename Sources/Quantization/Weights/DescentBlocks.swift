// SPDX-License-Identifier: Apache-2.0

/// The runs of columns that are rounded together, with the factors of their parts of the Hessian.
struct DescentBlocks: Sendable {
  /// The whole matrix.
  let hessian: Hessian
  /// The grid of the weights.
  let grid: WeightGrid
  /// The groups of the grid, or runs of 16 columns where there are none.
  let ranges: [Range<Int>]
  /// For each range the factor of its part; `nil` where it has none, and with eight bits.
  let factors: [CholeskyFactor?]

  /// Factors the blocks on the diagonal.
  init(hessian: Hessian, grid: WeightGrid) {
    self.hessian = hessian
    self.grid = grid
    let columns = hessian.columns
    let size = grid.groupSize ?? 16
    let ranges = stride(from: 0, to: columns, by: size).map { $0..<min($0 + size, columns) }
    self.ranges = ranges
    factors = ranges.map { range in
      guard grid.bits < 8 else { return nil }
      let part = range.flatMap { row in
        hessian.values[row * columns + range.lowerBound..<row * columns + range.upperBound]
      }
      return CholeskyFactor(part, order: range.count)
    }
  }
}
