// SPDX-License-Identifier: Apache-2.0
internal import TensorFiles

/// One output of some rows beside what is expected of it.
struct OutputComparison {
  /// Floats, which come from conversions on the host, may differ by this many units in the last place.
  private static let floatTolerance = 2

  /// Which output of the model it is.
  let output: Int
  /// What was computed, a row each.
  let actual: NumpyArray
  /// What was expected, of the same shape and type.
  let wanted: NumpyArray
  /// Rows in which at least one value differs.
  let rows: [Int]
  /// Largest absolute difference of a value.
  let maximum: Double

  init(output: Int, actual: NumpyArray, wanted: NumpyArray) {
    var rows: [Int] = []
    var maximum = 0.0
    for row in 0..<actual.rowCount where actual.row(row) != wanted.row(row) {
      let a = Self.values(of: actual.selecting(rows: [row]))
      let b = Self.values(of: wanted.selecting(rows: [row]))
      let isFloat = actual.elementKind == .float32
      let differing = zip(a, b).filter { isFloat ? !Self.areClose($0, $1) : $0 != $1 }
      guard !differing.isEmpty else { continue }
      rows.append(row)
      maximum = max(maximum, differing.map { abs($0 - $1) }.max() ?? 0)
    }
    self.output = output
    self.actual = actual
    self.wanted = wanted
    self.rows = rows
    self.maximum = maximum
  }

  /// The numbers of an array.
  static func values(of array: NumpyArray) -> [Double] {
    if let integers = array.integers { return integers.map(Double.init) }
    return (array.floats ?? []).map(Double.init)
  }

  private static func areClose(_ a: Double, _ b: Double) -> Bool {
    if a.isNaN && b.isNaN { return true }
    return abs(a - b) <= Double(floatTolerance) * Double(max(Float(abs(a)).ulp, Float(abs(b)).ulp))
  }
}
