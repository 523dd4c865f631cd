// SPDX-License-Identifier: Apache-2.0

/// The values that the weights of one layer may take, beside one float scale a row.
///
/// Grouped int4 is a lossless way to store int8 weights: every group of consecutive elements of a row
/// has a multiplier 0...15, every element a value -8...7, and their product is the int8 weight.
struct WeightGrid: Hashable, Sendable {
  /// The bits an element takes: 8 or 4.
  let bits: Int
  /// How many consecutive elements of a row share a multiplier; `nil` when nothing but the row's scale
  /// is shared. Only with 4 bits.
  let groupSize: Int?

  private init(bits: Int, groupSize: Int?) {
    self.bits = bits
    self.groupSize = groupSize
  }

  /// -127...127 a row.
  static let int8 = WeightGrid(bits: 8, groupSize: nil)
  /// -8...7 a row.
  static let int4 = WeightGrid(bits: 4, groupSize: nil)

  /// -8...7 times a multiplier 0...15 for each group.
  ///
  /// - Parameter groupSize: At least 1; the last group of a row may be shorter.
  static func int4(groupSize: Int) -> WeightGrid {
    WeightGrid(bits: 4, groupSize: max(groupSize, 1))
  }

  /// The largest multiplier of a group.
  static let largestMultiplier = 15

  /// The values of an element before its group's multiplier.
  var elementRange: ClosedRange<Int> { bits == 8 ? -127...127 : -8...7 }

  /// The groups of a row, by the positions of their elements: one group without a group size.
  func groups(columns: Int) -> [Range<Int>] {
    guard let groupSize else { return columns == 0 ? [] : [0..<columns] }
    return stride(from: 0, to: columns, by: groupSize).map {
      $0..<min($0 + groupSize, columns)
    }
  }
}
