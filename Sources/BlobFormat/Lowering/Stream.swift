// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The latest rows of a stream: what a model keeps in a variable, joins with new rows in every inference,
/// and keeps again but for the oldest ones.
struct Stream {
  /// What keeps the rows in the model.
  var variable: TensorID
  /// The new rows.
  var fresh: TensorID
  /// All rows, the oldest first.
  var joined: TensorID
  /// The dimension along which rows follow each other; those before it are 1.
  var axis: Int
  /// The operator that joins.
  var concatenation: Int
  /// Operators that only read, cut and assign the variable.
  var upkeep: [Int]
  /// Rows of ``joined``.
  var rows: Int
  /// Rows of ``fresh``.
  var newRows: Int
  /// Bytes of one row.
  var rowBytes: Int
  /// What the joined rows are before the first inference; empty for zeros.
  var initialValue: [UInt8]
}
