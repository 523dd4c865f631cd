// SPDX-License-Identifier: Apache-2.0

/// What a record says about the raw series that is kept beside it.
public struct SeriesReference: Codable, Equatable, Sendable {
  /// SHA-256 of the encoded series.
  public let sha256: String
  /// Samples in it.
  public let samples: Int
  /// Samples per second.
  public let timeBaseHz: Double
  /// Phase edges in it.
  public let edges: Int

  private enum CodingKeys: String, CodingKey {
    case sha256, samples, edges
    case timeBaseHz = "time_base_hz"
  }
}
