// SPDX-License-Identifier: Apache-2.0

/// The float weights of a layer: one row for each output channel, row-major.
///
/// The columns of a convolution are its window in the order [kh, kw, cin], those of a fully connected
/// layer its inputs. Every value is finite.
struct WeightMatrix: Sendable {
  /// How many output channels there are.
  let rows: Int
  /// How many weights an output channel has.
  let columns: Int
  /// rows * columns finite values.
  let values: [Float]

  /// Takes weights.
  ///
  /// - Throws: ``WeightRoundingError`` if the count is wrong or a value is NaN or infinite.
  init(rows: Int, columns: Int, values: [Float]) throws(WeightRoundingError) {
    try WeightRoundingError.check(values, count: rows * columns, thing: "the weight tensor")
    self.init(rows: rows, columns: columns, finite: values)
  }

  /// Takes values already known to be finite and as many as needed.
  init(rows: Int, columns: Int, finite values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The positions of a row's elements in ``values``.
  func range(ofRow row: Int) -> Range<Int> { row * columns..<(row + 1) * columns }
}
