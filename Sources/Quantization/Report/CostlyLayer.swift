// SPDX-License-Identifier: Apache-2.0

/// A layer that costs much of the output's accuracy.
public struct CostlyLayer: Sendable, Codable, Equatable {
  /// Its place in ``QuantizationReport/layers``.
  public var layer: Int
  /// Its share of the sum of all layers' own errors, from 0 to 1.
  public var share: Double
  /// What can be done about it, in a sentence.
  public var advice: String

  /// Makes an entry.
  public init(layer: Int, share: Double, advice: String) {
    self.layer = layer
    self.share = share
    self.advice = advice
  }
}
