// SPDX-License-Identifier: Apache-2.0
/// How often values fall into bins of one width, a power of two that grows with the largest magnitude.
///
/// Counts do not depend on the order in which values came.
struct ValueHistogram: Sendable {
  /// Bins on each side of 0.
  static let halfCount = 2048
  private static let leastExponent = -60

  /// Bins have the width 2^exponent.
  private(set) var exponent = Self.leastExponent
  /// Bin i holds values from (i - halfCount) widths on. Exact zeros are not counted.
  private(set) var counts: [UInt32] = []

  /// Values counted, zeros left out.
  private(set) var total = 0
  /// Values looked at, zeros among them.
  private(set) var examined = 0

  var width: Float { Float(sign: .plus, exponent: exponent, significand: 1) }

  /// Counts every `step`th of some finite values.
  ///
  /// - Parameter magnitude: At least that of the largest value.
  mutating func add(_ values: UnsafeMutableBufferPointer<Float>, step: Int, magnitude: Float) {
    examined += (values.count + step - 1) / step
    guard magnitude > 0 else { return }
    if counts.isEmpty { counts = [UInt32](repeating: 0, count: 2 * Self.halfCount) }
    widen(to: Self.exponent(for: magnitude))
    let inverse = 1 / width
    let last = 2 * Self.halfCount - 1
    var added = 0
    counts.withUnsafeMutableBufferPointer { counts in
      for index in stride(from: 0, to: values.count, by: step) where values[index] != 0 {
        // Rounded down exactly, so that wider bins hold just what narrower ones held.
        let position = values[index] * inverse
        let cut = Int(position)
        let bin = cut - (Float(cut) > position ? 1 : 0) + Self.halfCount
        counts[min(max(bin, 0), last)] &+= 1
        added += 1
      }
    }
    total += added
  }

  /// Adds another histogram's counts.
  mutating func merge(_ other: ValueHistogram) {
    examined += other.examined
    guard !other.counts.isEmpty else { return }
    guard !counts.isEmpty else {
      let examined = examined
      self = other
      self.examined = examined
      return
    }
    var other = other
    widen(to: other.exponent)
    other.widen(to: exponent)
    for index in counts.indices { counts[index] &+= other.counts[index] }
    total += other.total
  }

  /// The least width that holds a magnitude.
  private static func exponent(for magnitude: Float) -> Int {
    // One bin is left free, so that rounding never leaves the table.
    let bins = Float(halfCount - 1)
    return max(leastExponent, Int((magnitude / bins).exponent) + 1)
  }

  private mutating func widen(to target: Int) {
    guard target > exponent else { return }
    if total == 0 { exponent = target }
    let half = Self.halfCount
    while exponent < target {
      var merged = [UInt32](repeating: 0, count: 2 * half)
      for bin in 0..<(2 * half) {
        // Halved towards negative infinity.
        merged[((bin - half) >> 1) + half] &+= counts[bin]
      }
      counts = merged
      exponent += 1
    }
  }
}
