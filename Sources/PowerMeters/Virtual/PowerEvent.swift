// SPDX-License-Identifier: Apache-2.0

/// A stretch of virtual time in which a board is in one phase and draws one current.
public struct PowerEvent: Sendable, Equatable {
  /// The level of its trigger pins.
  public var phase: TriggerPhase
  /// How long, in seconds; not more than an hour.
  public var seconds: Double
  /// The current from its supply, in amperes.
  public var amperes: Double

  /// Makes an event.
  public init(phase: TriggerPhase, seconds: Double, amperes: Double) {
    self.phase = phase
    self.seconds = seconds
    self.amperes = amperes
  }
}
