// SPDX-License-Identifier: Apache-2.0

/// What is known of a meter's errors: limits, from a calibration or a data sheet. 0 means absent.
public struct MeterCalibration: Sendable, Equatable {
  /// Resistance of the shunt, in ohms; 0 if the meter has none that one would know.
  public var shuntOhms: Double
  /// Limit of the shunt's deviation, relative.
  public var shuntTolerance: Double
  /// Limit of the current channel's gain error, relative.
  public var currentGainError: Double
  /// Limit of the current channel's offset, in amperes.
  public var currentOffsetAmperes: Double
  /// Limit of the voltage channel's gain error, relative.
  public var voltageGainError: Double
  /// Limit of the voltage channel's offset, in volts.
  public var voltageOffsetVolts: Double
  /// Limit of the sample clock's error, relative.
  public var timeBaseError: Double
  /// Standard deviation of the time of an edge, in seconds.
  public var edgeJitterSeconds: Double
  /// Resistance between the point where voltage is sensed and the board, in ohms: its loss counts
  /// as the board's. 0 if voltage is sensed at the board.
  public var burdenOhms: Double
  /// Where these figures come from.
  public var source: String

  /// Makes a calibration; what is left out is absent.
  public init(
    shuntOhms: Double = 0, shuntTolerance: Double = 0, currentGainError: Double = 0,
    currentOffsetAmperes: Double = 0, voltageGainError: Double = 0, voltageOffsetVolts: Double = 0,
    timeBaseError: Double = 0, edgeJitterSeconds: Double = 0, burdenOhms: Double = 0, source: String
  ) {
    self.shuntOhms = shuntOhms
    self.shuntTolerance = shuntTolerance
    self.currentGainError = currentGainError
    self.currentOffsetAmperes = currentOffsetAmperes
    self.voltageGainError = voltageGainError
    self.voltageOffsetVolts = voltageOffsetVolts
    self.timeBaseError = timeBaseError
    self.edgeJitterSeconds = edgeJitterSeconds
    self.burdenOhms = burdenOhms
    self.source = source
  }
}
