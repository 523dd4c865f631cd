// SPDX-License-Identifier: Apache-2.0

/// Energy per inference, as `bench --json` states it in `energy_uj`.
public struct EnergyFigures: Codable, Equatable, Sendable {
  /// All the energy that the board took during an inference, in µJ.
  public let gross: Estimate
  /// Gross less the idle power over the same time, in µJ; `nil` if no baseline was recorded.
  public let net: Estimate?
  /// Half the width of gross' 95 % interval, as a share of gross; `nil` if that is unknown.
  public let relativeUncertainty: Double?
  /// Measured, or modelled (everything that a virtual meter says).
  public let origin: Origin
  /// The meter, as the user names it: `virtual`, `ppk2:…`.
  public let meter: String

  /// Makes the figures; the relative uncertainty follows from `gross`.
  public init(gross: Estimate, net: Estimate?, origin: Origin, meter: String) {
    self.gross = gross
    self.net = net
    relativeUncertainty = gross.relativeUncertainty
    self.origin = origin
    self.meter = meter
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(gross, forKey: .gross)
    try values.encode(net, forKey: .net)
    try values.encode(relativeUncertainty, forKey: .relativeUncertainty)
    try values.encode(origin, forKey: .origin)
    try values.encode(meter, forKey: .meter)
  }

  private enum CodingKeys: String, CodingKey {
    case gross, net, origin, meter
    case relativeUncertainty = "relative_uncertainty"
  }
}
