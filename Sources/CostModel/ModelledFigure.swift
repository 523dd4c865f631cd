// SPDX-License-Identifier: Apache-2.0

/// A figure that a cost model computed, with what must be said beside it: its origin is always
/// "modelled".
public struct ModelledFigure: Sendable, Equatable, Codable {
  /// The figure, in the unit of the property that holds it.
  public var value: Double
  /// Expanded relative uncertainty: 0.16 is 16 %.
  public var relativeError: Double
  /// The model or models that it comes from: `m4-linear-1`.
  public var model: String
  /// Makes a figure.
  public init(value: Double, relativeError: Double, model: String) {
    self.value = value
    self.relativeError = relativeError
    self.model = model
  }
}
