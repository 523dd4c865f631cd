// SPDX-License-Identifier: Apache-2.0

/// The INDICES section while it grows; equal sequences are stored once.
struct IndexTable {
  /// All sequences, one after the other.
  private(set) var values: [UInt32] = []
  private var starts: [[UInt32]: UInt32] = [[]: 0]

  /// Index of the first number of a sequence.
  mutating func start(of sequence: [UInt32]) -> UInt32 {
    if let known = starts[sequence] { return known }
    let start = UInt32(values.count)
    values += sequence
    starts[sequence] = start
    return start
  }
}
