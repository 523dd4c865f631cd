// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution

/// Moments of a layer's inputs, in the quantized network and in the float one, of two halves of the
/// calibration rows: what is found on one half is judged on the other.
struct LayerMoments: Sendable {
  /// For each block those of even rows.
  private(set) var even: [InputMoments]
  /// For each block those of odd rows.
  private(set) var odd: [InputMoments]

  /// Places that tell covariances of few columns.
  private static let fewestPlaces = 1024
  /// Places that tell the mean error.
  private static let leastPlaces = 256
  /// Rows are divided among so many threads at most.
  private static let partCount = 4
  /// Multiplications and additions that the moments of one layer may take, about.
  private static let workLimit = 1_000_000_000

  /// - Parameters:
  ///   - quantized: The layer's input in each row.
  ///   - reference: The same of the float network.
  init(
    _ blocks: WeightBlocks, quantized: Slots<[Float]>, reference: Slots<[Float]>, rowCount: Int,
    needsCovariance: Bool, threads: Int
  ) {
    let limit = Self.placesPerRow(
      columns: blocks.columns, rowCount: rowCount, needsCovariance: needsCovariance)
    let parts = Slots<[InputMoments]>(count: Self.partCount)
    ParallelRows.forEach(count: Self.partCount, threads: threads) { part, _ in
      let rows = stride(from: part, to: rowCount, by: Self.partCount)
      parts[part] = (0..<blocks.count).map { block in
        var moments = InputMoments(columns: blocks.columns)
        var (vectors, twins): ([Float], [Float]) = ([], [])
        for row in rows {
          guard let values = quantized[row], let twin = reference[row] else { continue }
          vectors += values.withUnsafeBufferPointer {
            blocks.vectors(block, of: $0, limit: limit, phase: row)
          }
          twins += twin.withUnsafeBufferPointer {
            blocks.vectors(block, of: $0, limit: limit, phase: row)
          }
        }
        moments.add(vectors, reference: twins)
        return moments
      }
    }
    (even, odd) = ([], [])
    for block in 0..<blocks.count {
      var halves = [InputMoments](repeating: InputMoments(columns: blocks.columns), count: 2)
      for part in 0..<Self.partCount {
        if let moments = parts[part] { halves[part % 2].add(moments[block]) }
      }
      even.append(halves[0])
      odd.append(halves[1])
    }
  }

  /// Those of all rows.
  func all(_ block: Int) -> InputMoments {
    var result = even[block]
    result.add(odd[block])
    return result
  }

  private static func placesPerRow(columns: Int, rowCount: Int, needsCovariance: Bool) -> Int {
    let wanted = min(max(6 * columns, fewestPlaces), workLimit / max(1, columns * columns))
    let total = needsCovariance ? max(wanted, 2 * columns) : leastPlaces
    return max(1, (total + rowCount - 1) / rowCount)
  }
}
