// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Four weights of each of two neighbouring rows of a matrix, which lie together in the blob.
struct DSPUnit {
  /// Rows 2 · pair and 2 · pair + 1.
  var pair: Int
  /// Column of the first of the four weights.
  var start: Int
}

/// A matrix of weights, one row for each output channel, and how the `dsp` kernels store it.
struct DSPWeights {
  let rows: Int
  /// Weights of a row.
  let length: Int
  /// In the order of the blob.
  let units: [DSPUnit]

  /// Columns of a unit, in the order of its half words.
  private static let order = [0, 2, 1, 3]

  /// The matrix in stored form; `nil` if it has none, because a weight of -128 stands beside a negative one.
  ///
  /// - Parameter weights: Row by row.
  func packed(_ weights: [Int8]) -> [UInt8]? {
    func weight(_ row: Int, _ column: Int) -> Int {
      row < rows && column < length ? Int(weights[row * length + column]) : 0
    }
    var halves: [Int16] = []
    halves.reserveCapacity(4 * units.count)
    for unit in units {
      for offset in Self.order {
        let even = weight(2 * unit.pair, unit.start + offset)
        let odd = weight(2 * unit.pair + 1, unit.start + offset)
        guard let half = Int16(exactly: 256 * odd + even) else { return nil }
        halves.append(half.littleEndian)
      }
    }
    return halves.recordBytes
  }

  /// The matrix, row by row, that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8]) -> [Int8] {
    var weights = [Int8](repeating: 0, count: rows * length)
    func store(_ weight: Int8, _ row: Int, _ column: Int) {
      if row < rows && column < length { weights[row * length + column] = weight }
    }
    for (index, unit) in units.enumerated() {
      for (place, offset) in Self.order.enumerated() {
        let at = 2 * (4 * index + place)
        let half = Int16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
        let even = Int8(truncatingIfNeeded: half)
        let odd = Int8(truncatingIfNeeded: (Int(half) - Int(even)) >> 8)
        store(even, 2 * unit.pair, unit.start + offset)
        store(odd, 2 * unit.pair + 1, unit.start + offset)
      }
    }
    return weights
  }
}
