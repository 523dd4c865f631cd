// SPDX-License-Identifier: Apache-2.0

/// A table of a flatbuffer that is to be written: values by field number.
package struct FlatTable {
  /// The values; fields without one are absent.
  package var fields: [Int: FlatValue]

  /// Makes a table.
  package init(_ fields: [Int: FlatValue] = [:]) { self.fields = fields }

  /// The value of a field.
  package subscript(field: Int) -> FlatValue? {
    get { fields[field] }
    set { fields[field] = newValue }
  }

  /// The table to which a field refers, for changing it in place; empty if there is none.
  package subscript(table field: Int) -> FlatTable {
    get { if case .table(let table)? = fields[field] { table } else { FlatTable() } }
    set { fields[field] = .table(newValue) }
  }

  /// One of the tables in the vector to which a field refers, for changing it in place.
  package subscript(tables field: Int, index: Int) -> FlatTable {
    get { if case .tables(let tables)? = fields[field] { tables[index] } else { FlatTable() } }
    set {
      guard case .tables(var tables)? = fields[field] else { return }
      tables[index] = newValue
      fields[field] = .tables(tables)
    }
  }

  /// How many tables the vector has to which a field refers.
  package subscript(count field: Int) -> Int {
    if case .tables(let tables)? = fields[field] { tables.count } else { 0 }
  }

  /// Appends to the vector of tables to which a field refers.
  package mutating func append(_ table: FlatTable, to field: Int) {
    var tables: [FlatTable] = []
    if case .tables(let known)? = fields[field] { tables = known }
    fields[field] = .tables(tables + [table])
  }
}
