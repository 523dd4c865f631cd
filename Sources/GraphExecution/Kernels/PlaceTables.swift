// SPDX-License-Identifier: Apache-2.0

/// For each dimension of a result, where its elements come from: the element at (i, j, ...) is the
/// source's element number `tables[0][i] + tables[1][j] + ...`, or none if one of them is `outside`.
struct PlaceTables: Sendable {
  /// Stands in a table where nothing is taken.
  static let outside = Int.min

  var tables: [[Int]]

  init(_ tables: [[Int]]) { self.tables = tables }

  /// Adds a dimension inside: positions along a dimension of the source whose neighbours are `step`
  /// elements apart; `nil` for none.
  mutating func append(step: Int, _ positions: some Sequence<Int?>) {
    tables.append(positions.map { $0.map { $0 * step } ?? Self.outside })
  }
}
