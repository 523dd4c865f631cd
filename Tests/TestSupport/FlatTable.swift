// SPDX-License-Identifier: Apache-2.0

/// A table of a flatbuffer that is to be written: values by field number.
public struct FlatTable {
  /// The values; fields without one are absent.
  public var fields: [Int: FlatValue]

  /// Makes a table.
  public init(_ fields: [Int: FlatValue] = [:]) { self.fields = fields }

  /// The value of a field.
  public subscript(field: Int) -> FlatValue? {
    get { fields[field] }
    set { fields[field] = newValue }
  }

  /// The table to which a field refers, for changing it in place; empty if there is none.
  public subscript(table field: Int) -> FlatTable {
    get { if case .table(let table)? = fields[field] { table } else { FlatTable() } }
    set { fields[field] = .table(newValue) }
  }

  /// One of the tables in the vector to which a field refers, for changing it in place.
  public subscript(tables field: Int, index: Int) -> FlatTable {
    get { if case .tables(let tables)? = fields[field] { tables[index] } else { FlatTable() } }
    set {
      guard case .tables(var tables)? = fields[field] else { return }
      tables[index] = newValue
      fields[field] = .tables(tables)
    }
  }
}
