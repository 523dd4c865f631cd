// SPDX-License-Identifier: Apache-2.0

/// Who uses which bytes of the arena during which steps: data for drawings.
public struct ArenaMap: Sendable, Hashable, Codable {
  /// A rectangle of the map.
  public struct Item: Sendable, Hashable, Codable {
    /// Why the bytes are taken.
    public enum Kind: String, Sendable, Codable {
      /// A tensor that the steps write and read.
      case tensor
      /// Working memory of one step.
      case scratch
      /// What is kept between inferences.
      case state
    }

    /// The tensor's name, or that of the step for scratch.
    public var name: String
    /// Why the bytes are taken.
    public var kind: Kind
    /// First byte.
    public var offset: Int
    /// Number of bytes.
    public var bytes: Int
    /// First step during which they are taken.
    public var firstStep: Int
    /// Last one, inclusive; the number of steps stands for the time after the last.
    public var lastStep: Int

    private enum CodingKeys: String, CodingKey {
      case name, kind, offset, bytes
      case firstStep = "first_step"
      case lastStep = "last_step"
    }
  }

  /// Size of the arena.
  public var arenaBytes: Int
  /// Number of steps.
  public var stepCount: Int
  /// The rectangles, tensors first. A step that works in place shows as two that share its column.
  public var items: [Item]

  private enum CodingKeys: String, CodingKey {
    case items
    case arenaBytes = "arena_bytes"
    case stepCount = "step_count"
  }

  /// The map of a blob.
  public init(_ document: BlobDocument) {
    arenaBytes = document.header.arenaBytes
    stepCount = document.steps.count
    items = document.tensors.filter { $0.storage == .arena }.map {
      Item(
        name: $0.name, kind: .tensor, offset: $0.offset, bytes: $0.bytes,
        firstStep: $0.firstStep, lastStep: $0.lastStep)
    }
    for (index, step) in document.steps.enumerated() where !step.scratch.isEmpty {
      items.append(
        Item(
          name: step.name, kind: .scratch, offset: step.scratch.lowerBound,
          bytes: step.scratch.count, firstStep: index, lastStep: index))
    }
    items += document.tensors.filter { $0.storage == .state }.map {
      Item(
        name: $0.name, kind: .state, offset: $0.offset, bytes: $0.bytes, firstStep: 0,
        lastStep: stepCount)
    }
  }
}
