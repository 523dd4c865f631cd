// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// int8 weights, stored in four bits each without loss: every weight is m · q, with q in −8 ... 7, and m
/// in 1 ... 15 is shared by the neighbours of a run. Laid out as `shunt_nibbles_t` says.
package struct NibbleRows {
  /// Rows of weights, one per output channel, in the groups of a convolution.
  package struct Shape: Sendable {
    /// Runs of rows that read the same inputs.
    package var groups: Int
    /// Output channels of a group.
    package var rowsPerGroup: Int
    /// Weights of an output channel.
    package var rowLength: Int

    /// Describes weights.
    package init(groups: Int = 1, rowsPerGroup: Int, rowLength: Int) {
      self.groups = groups
      self.rowsPerGroup = rowsPerGroup
      self.rowLength = rowLength
    }

    /// Pairs of rows; a group's last one may be half a pair.
    fileprivate var pairs: Int { groups * ((rowsPerGroup + 1) / 2) }

    /// Bytes of the weights in four bits.
    private var nibbleBytes: Int { pairs * 4 * ((rowLength + 3) / 4) }

    /// Bytes of the multipliers with runs of `runLength`.
    private func multiplierBytes(runLength: Int) -> Int {
      pairs * ((rowLength + runLength - 1) / runLength)
    }

    /// Bytes of weights and multipliers with runs of `runLength`.
    package func bytes(runLength: Int) -> Int {
      nibbleBytes + multiplierBytes(runLength: runLength)
    }

    /// Bytes of the weights with a byte each.
    package var int8Bytes: Int { groups * rowsPerGroup * rowLength }

    /// Bytes of a blob that weights, multipliers and their parameters take with runs of `runLength`.
    package func blobBytes(runLength: Int) -> Int {
      padded(nibbleBytes) + padded(multiplierBytes(runLength: runLength))
        + MemoryLayout<shunt_nibbles_t>.size
    }

    /// Bytes of a blob that the weights take with a byte each.
    package var int8BlobBytes: Int { padded(int8Bytes) }

    private func padded(_ bytes: Int) -> Int {
      let alignment = Int(SHUNT_BLOB_ALIGNMENT)
      return (bytes + alignment - 1) / alignment * alignment
    }
  }

  /// Neighbours that share a multiplier.
  let runLength: Int
  /// Two rows of nibbles, 8 above what they stand for, in turns of four.
  let weights: [UInt8]
  /// Of each run of a pair, the first row's in the low half.
  let multipliers: [UInt8]

  /// The length that all runs are multiples of.
  package static let unit = 16

  /// Run lengths to choose from, the one that needs fewest bytes first.
  package static func runLengths(rowLength: Int) -> [Int] {
    let whole = (rowLength + unit - 1) / unit * unit
    return [whole] + [64, 32, 16].filter { $0 < whole }
  }

  /// The form that takes fewest bytes.
  ///
  /// - Returns: `nil` if the weights do not have the form, or if it saves no bytes of the blob.
  static func smallest(_ bytes: [UInt8], shape: Shape) -> NibbleRows? {
    for length in runLengths(rowLength: shape.rowLength)
    where shape.blobBytes(runLength: length) < shape.int8BlobBytes {
      if let rows = NibbleRows(bytes, shape: shape, runLength: length) { return rows }
    }
    return nil
  }

  /// The form with runs of `runLength`, a multiple of ``unit``; `nil` if weights do not have it.
  init?(_ bytes: [UInt8], shape: Shape, runLength: Int) {
    let rows = shape.groups * shape.rowsPerGroup
    guard shape.rowLength > 0, rows > 0, bytes.count == rows * shape.rowLength,
      let multipliers = Self.multipliers(of: bytes, shape, runLength: runLength)
    else { return nil }
    self.init(bytes, shape, runLength: runLength, multiplierOfRun: multipliers)
  }

  // MARK: Multipliers

  /// The multiplier of each run, row by row; `nil` as soon as one has none.
  static func multipliers(of bytes: [UInt8], _ shape: Shape, runLength: Int) -> [UInt8]? {
    var result: [UInt8] = []
    for row in stride(from: 0, to: bytes.count, by: shape.rowLength) {
      let end = row + shape.rowLength
      for first in stride(from: row, to: end, by: runLength) {
        let run = bytes[first..<min(first + runLength, end)]
        guard let multiplier = multiplier(of: run) else { return nil }
        result.append(multiplier)
      }
    }
    return result
  }

  /// The least m in 1 ... 15 of which all weights are multiples by −8 ... 7.
  private static func multiplier(of run: ArraySlice<UInt8>) -> UInt8? {
    var (least, greatest, divisor) = (0, 0, 0)
    for byte in run {
      let value = Int(Int8(bitPattern: byte))
      least = min(least, value)
      greatest = max(greatest, value)
      divisor = commonDivisor(divisor, abs(value))
    }
    return (1...15).first {
      divisor.isMultiple(of: Int($0)) && least >= -8 * Int($0) && greatest <= 7 * Int($0)
    }
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  // MARK: Layout

  private init(
    _ bytes: [UInt8], _ shape: Shape, runLength: Int, multiplierOfRun: [UInt8]
  ) {
    let runs = (shape.rowLength + runLength - 1) / runLength
    let pairBytes = 4 * ((shape.rowLength + 3) / 4)
    var weights = [UInt8](repeating: 0x88, count: shape.pairs * pairBytes)
    var multipliers = [UInt8](repeating: 0, count: shape.pairs * runs)
    for row in 0..<shape.groups * shape.rowsPerGroup {
      let (group, member) = row.quotientAndRemainder(dividingBy: shape.rowsPerGroup)
      let pair = group * ((shape.rowsPerGroup + 1) / 2) + member / 2
      let half = member % 2
      for run in 0..<runs {
        multipliers[pair * runs + run] |= multiplierOfRun[row * runs + run] << (4 * half)
      }
      for index in 0..<shape.rowLength {
        let value = Int(Int8(bitPattern: bytes[row * shape.rowLength + index]))
        let nibble = value / Int(multiplierOfRun[row * runs + index / runLength]) + 8
        let byte = pair * pairBytes + index / 4 * 4 + half * 2 + index % 4 / 2
        let shift = index % 2 * 4
        weights[byte] = weights[byte] & ~(15 << shift) | UInt8(nibble) << shift
      }
    }
    self.runLength = runLength
    self.weights = weights
    self.multipliers = multipliers
  }
}
