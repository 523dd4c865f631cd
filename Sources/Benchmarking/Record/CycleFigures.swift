// SPDX-License-Identifier: Apache-2.0

/// Core clock cycles of one inference.
public struct CycleFigures: Codable, Equatable, Sendable {
  /// Mean over the inputs given.
  public let perInference: Double
  /// Measured by the board's counter, or modelled from counted instructions.
  public let origin: Origin

  /// States cycles.
  public init(perInference: Double, origin: Origin) {
    self.perInference = perInference
    self.origin = origin
  }

  private enum CodingKeys: String, CodingKey {
    case origin
    case perInference = "per_inference"
  }
}
