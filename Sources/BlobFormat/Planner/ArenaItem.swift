// SPDX-License-Identifier: Apache-2.0

/// Something that needs bytes of the arena during an interval of steps: a tensor or scratch.
public struct ArenaItem: Sendable, Hashable {
  /// What it is, for messages and drawings.
  public var name: String
  /// Bytes it needs; 0 is allowed and takes no room.
  public var bytes: Int
  /// The first step during which its bytes must be its own.
  public var firstStep: Int
  /// The last one, inclusive.
  public var lastStep: Int

  /// Makes an item; ``ArenaPlanner/plan(_:aliases:)`` refuses negative sizes and reversed intervals.
  public init(name: String, bytes: Int, firstStep: Int, lastStep: Int) {
    self.name = name
    self.bytes = bytes
    self.firstStep = firstStep
    self.lastStep = lastStep
  }
}
