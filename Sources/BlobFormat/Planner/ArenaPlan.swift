// SPDX-License-Identifier: Apache-2.0

/// Where every item lies.
public struct ArenaPlan: Sendable, Hashable {
  /// One offset per item, in the order of the request; multiples of the planner's alignment.
  public var offsets: [Int]
  /// Bytes from 0 to the end of the highest item, a multiple of the alignment.
  public var arenaBytes: Int
  /// The largest sum of the sizes of items alive during one step: no plan can need less.
  public var lowerBound: Int

  /// Whether no smaller arena is possible.
  public var reachesLowerBound: Bool { arenaBytes == lowerBound }
}
