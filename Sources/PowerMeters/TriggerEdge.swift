// SPDX-License-Identifier: Apache-2.0

/// The beginning of a phase, on the meter's sample clock.
public struct TriggerEdge: Sendable, Equatable {
  /// Seconds since the beginning of the first sample.
  public var seconds: Double
  /// The phase that begins.
  public var phase: TriggerPhase

  /// Makes an edge.
  public init(seconds: Double, phase: TriggerPhase) {
    self.seconds = seconds
    self.phase = phase
  }
}
