// SPDX-License-Identifier: Apache-2.0

/// The power meter of a run.
public struct MeterRecord: Codable, Equatable, Sendable {
  /// As the user names it: `virtual`, `ppk2:…`.
  public let name: String
  /// What it answered when asked who it is.
  public let identity: String
  /// Which calibration was in force, for people and for comparisons: date, certificate, hash.
  public let calibration: String
  /// Samples per second; `nil` for a meter that delivers energies only.
  public let sampleRateHz: Double?
  /// Its systematic errors.
  public let uncertainty: MeterUncertainty

  /// Describes a meter.
  public init(
    name: String, identity: String, calibration: String, sampleRateHz: Double?,
    uncertainty: MeterUncertainty
  ) {
    self.name = name
    self.identity = identity
    self.calibration = calibration
    self.sampleRateHz = sampleRateHz
    self.uncertainty = uncertainty
  }

  private enum CodingKeys: String, CodingKey {
    case name, identity, calibration, uncertainty
    case sampleRateHz = "sample_rate_hz"
  }
}
