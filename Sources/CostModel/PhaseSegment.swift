// SPDX-License-Identifier: Apache-2.0

/// What an emulated board did from one mark to the next.
public struct PhaseSegment: Sendable, Equatable {
  /// The phase it was in: never ``TriggerMark/step``.
  public var phase: TriggerMark
  /// Instructions executed.
  public var counts: InstructionCounts
  /// Modelled cycles.
  public var cycles: Double
  /// Modelled time on the chip's clock, in seconds; for idle, what ``PhaseTimeline/idleSeconds`` says.
  public var seconds: Double
  /// Modelled current from the supply, in amperes; 0 if the chip states no power.
  public var amperes: Double
  /// Whether it ends because a step of the inference begins, so that the phase goes on.
  public var endsAtStep: Bool
}
