// SPDX-License-Identifier: Apache-2.0

/// Turns the records of the instruction counter into phases with a modelled duration and current:
/// what a (virtual) shunt would see.
public struct PhaseTimeline: Sendable {
  /// What every idle time is taken to last, in seconds.
  ///
  /// Between windows a board waits for the host, and an emulated one executes as fast as the host
  /// lets it: that time says nothing, and would make no two recordings the same.
  public let idleSeconds: Double

  private let model: ChipCostModel
  private var phase = TriggerMark.idle
  private var last = InstructionCounts()

  /// A timeline at the start of emulation, in phase ``TriggerMark/idle``.
  ///
  /// - Parameter idleSeconds: What every idle time is taken to last, in seconds.
  public init(model: ChipCostModel, idleSeconds: Double = 0.02) {
    self.model = model
    self.idleSeconds = idleSeconds
  }

  /// Takes the next record.
  ///
  /// - Returns: The segment that it ends; `nil` for the record at the start, and where nothing was
  ///   executed since the last one.
  public mutating func append(_ record: CounterRecord) -> PhaseSegment? {
    defer {
      last = record.counts
      if case .mark(let mark) = record.event { enter(mark) }
    }
    guard let counts = record.counts.since(last), counts.total > 0 else { return nil }
    let cycles = model.cycleCount(of: counts)
    return PhaseSegment(
      phase: phase, counts: counts, cycles: cycles,
      seconds: phase == .idle ? idleSeconds : cycles / model.clockHz,
      amperes: model.energyModel?.amperes(in: phase) ?? 0,
      endsAtStep: record.event == .mark(.step))
  }

  /// A step belongs to the inference that it is in; profiling announces steps alone.
  private mutating func enter(_ mark: TriggerMark) {
    if mark != .step {
      phase = mark
    } else if phase == .idle {
      phase = .inference
    }
  }
}
