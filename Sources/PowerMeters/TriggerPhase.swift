// SPDX-License-Identifier: Apache-2.0

/// What a board announces on its trigger pins. Raw values are those of `shunt_mark`.
public enum TriggerPhase: UInt8, Sendable, Codable, CaseIterable {
  /// Outside any window.
  case idle = 0
  /// Inside an inference.
  case inference = 1
  /// Inside a window, between two inferences.
  case between = 2
  /// Awake and doing nothing: the power that `net` subtracts.
  case baseline = 3

  /// The phase's name, as CSV traces spell it.
  public var name: String {
    switch self {
    case .idle: "idle"
    case .inference: "inference"
    case .between: "between"
    case .baseline: "baseline"
    }
  }

  /// The phase that the two trigger pins encode: Gray code 00, 01, 11, 10; pin 0 is the low bit.
  ///
  /// Bits above the second are ignored.
  public init(pins: UInt8) {
    switch pins & 3 {
    case 0b00: self = .idle
    case 0b01: self = .inference
    case 0b11: self = .between
    default: self = .baseline
    }
  }

  /// Whether a board in this phase is in no window.
  var isOutside: Bool { self == .idle || self == .baseline }

  /// The level of the two pins in this phase.
  public var pins: UInt8 {
    switch self {
    case .idle: 0b00
    case .inference: 0b01
    case .between: 0b11
    case .baseline: 0b10
    }
  }
}
