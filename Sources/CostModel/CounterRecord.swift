// SPDX-License-Identifier: Apache-2.0

/// One record of the instruction counter in `Tools/qemu-plugin`.
public struct CounterRecord: Sendable, Equatable {
  /// What caused a record.
  public enum Event: Sendable, Equatable {
    /// The emulator starts; all counts are 0.
    case started
    /// The firmware entered one of its trigger functions.
    case mark(TriggerMark)
    /// The emulator ends.
    case ended
  }

  /// What caused it.
  public var event: Event
  /// Everything executed since the start.
  public var counts: InstructionCounts

  /// Makes a record.
  public init(event: Event, counts: InstructionCounts) {
    self.event = event
    self.counts = counts
  }
}
