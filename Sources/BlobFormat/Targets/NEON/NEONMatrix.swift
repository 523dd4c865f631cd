// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// A matrix of weights, one row for each output channel, and how the `neon` kernels store it.
struct NEONMatrix {
  let rows: Int
  /// Weights of a row.
  let columns: Int

  private static let quad = Int(SHUNT_NEON_QUAD)
  private static let chunk = Int(SHUNT_NEON_CHUNK)
  /// Columns that are added up in the same 16 bits are so far apart.
  private static let lanes = 8
  /// The largest sum of |weight| whose products fit 16 bits, whatever the inputs.
  private static let limit = 255
  private static let entriesPerWord = 32

  private var depth: Int { Int(shunt_neon_depth(UInt64(columns))) }
  private var quads: Int { Int(shunt_neon_quads(UInt64(rows))) }

  /// Where a weight stands.
  private func place(_ row: Int, _ column: Int) -> Int {
    let unit = Self.quad * Self.quad
    return row / Self.quad * Self.quad * depth + column / Self.quad * unit
      + row % Self.quad * Self.quad + column % Self.quad
  }

  /// The matrix and its plans in stored form; `nil` if it has none, because two weights of -128 are
  /// added up in the same 16 bits.
  ///
  /// - Parameter weights: Row by row.
  func packed(_ weights: [Int8]) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: rows == 0 ? 0 : Self.quad * quads * depth)
    for row in 0..<rows {
      for column in 0..<columns {
        bytes[place(row, column)] = UInt8(bitPattern: weights[row * columns + column])
      }
    }
    for quad in 0..<quads {
      guard let plan = plan(ofQuad: quad, weights) else { return nil }
      bytes += plan.recordBytes
    }
    return bytes
  }

  /// The matrix, row by row, that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8]) -> [Int8] {
    (0..<rows).flatMap { row in
      (0..<columns).map { Int8(bitPattern: bytes[place(row, $0)]) }
    }
  }

  /// What of a quad may be added up in 16 bits; `nil` if not even sixteen columns.
  private func plan(ofQuad quad: Int, _ weights: [Int8]) -> [UInt64]? {
    let members = quad * Self.quad..<min((quad + 1) * Self.quad, rows)
    func fits(_ columns: Range<Int>) -> Bool {
      members.allSatisfy { row in
        (0..<Self.lanes).allSatisfy { lane in
          stride(from: columns.lowerBound + lane, to: columns.upperBound, by: Self.lanes)
            .reduce(0) { $0 + Int(weights[row * self.columns + $1].magnitude) } <= Self.limit
        }
      }
    }
    var words = [UInt64](
      repeating: 0, count: Int(shunt_neon_plan_words(UInt64(depth))))
    for first in stride(from: 0, to: depth, by: Self.chunk) {
      let half = first + Self.chunk / 2
      let end = min(first + Self.chunk, columns)
      guard fits(first..<min(half, columns)), half >= end || fits(half..<end) else { return nil }
      let index = first / Self.chunk
      guard first + Self.chunk <= depth else { break }
      let entry = fits(first..<end) ? SHUNT_NEON_PLAN_WHOLE : SHUNT_NEON_PLAN_HALVES
      words[index / Self.entriesPerWord] |=
        UInt64(entry) << (2 * UInt64(index % Self.entriesPerWord))
    }
    return words
  }
}
