// SPDX-License-Identifier: Apache-2.0

/// Executed instructions of one inference.
public struct InstructionFigures: Codable, Equatable, Sendable {
  /// Mean over the inputs given.
  public let perInference: Double
  /// The same, per multiply-accumulate of the network; `nil` for a network without any.
  public let perMAC: Double?
  /// Always `counted`.
  public let origin: Origin

  /// States counted instructions.
  ///
  /// - Parameters:
  ///   - perInference: Mean over the inputs.
  ///   - macs: Multiply-accumulates of one inference.
  public init(perInference: Double, macs: Int) {
    self.perInference = perInference
    perMAC = macs > 0 ? perInference / Double(macs) : nil
    origin = .counted
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(perInference, forKey: .perInference)
    try values.encode(perMAC, forKey: .perMAC)
    try values.encode(origin, forKey: .origin)
  }

  private enum CodingKeys: String, CodingKey {
    case origin
    case perInference = "per_inference"
    case perMAC = "per_mac"
  }
}
