// SPDX-License-Identifier: Apache-2.0

/// One tensor or scratch buffer in the arena, over its lifetime.
public struct ArenaItem: Codable, Equatable, Sendable {
  /// The tensor's name, or what the scratch is for.
  public let name: String
  /// Where it starts in the arena.
  public let offset: Int
  /// How large it is.
  public let bytes: Int
  /// First executed step during which it is alive.
  public let firstStep: Int
  /// Last executed step during which it is alive; not before `firstStep`.
  public let lastStep: Int

  /// Describes an item.
  public init(name: String, offset: Int, bytes: Int, firstStep: Int, lastStep: Int) {
    self.name = name
    self.offset = offset
    self.bytes = bytes
    self.firstStep = firstStep
    self.lastStep = lastStep
  }

  private enum CodingKeys: String, CodingKey {
    case name, offset, bytes
    case firstStep = "first_step"
    case lastStep = "last_step"
  }
}
