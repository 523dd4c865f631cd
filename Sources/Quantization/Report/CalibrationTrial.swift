// SPDX-License-Identifier: Apache-2.0

/// A combination of choices that was tried.
public struct CalibrationTrial: Sendable, Codable, Equatable {
  /// How ranges were found.
  public var calibration: CalibrationMethod
  /// Whether channels were equalized.
  public var equalizesChannels: Bool
  /// The output's SQNR in decibels; `nil` if there was no error.
  public var outputSQNR: Double?

  /// Makes a trial.
  public init(calibration: CalibrationMethod, equalizesChannels: Bool, outputSQNR: Double?) {
    self.calibration = calibration
    self.equalizesChannels = equalizesChannels
    self.outputSQNR = outputSQNR
  }
}
