// SPDX-License-Identifier: Apache-2.0

/// One line of an uncertainty budget (GUM, JCGM 100:2008).
public struct UncertaintyComponent: Codable, Equatable, Sendable {
  /// How a component was evaluated.
  public enum Evaluation: String, Codable, Sendable {
    /// From the scatter of repeated observations.
    case scatter = "A"
    /// From a specification, a calibration or a model's stated error.
    case knowledge = "B"
  }

  /// What it is, for people: `shunt tolerance`.
  public let name: String
  /// The standard uncertainty that it contributes, in the unit of the figure; 0 or more.
  public let standardUncertainty: Double
  /// Degrees of freedom of that uncertainty; `nil` stands for infinitely many.
  public let degreesOfFreedom: Double?
  /// From scatter (A) or from knowledge (B).
  public let evaluation: Evaluation
  /// The instrument, calibration or model whose single, unknown error this is.
  ///
  /// Two runs whose components have the same name and the same source share that very error, so it
  /// cancels when they are compared. `nil`: shared with nothing.
  public let source: String?

  /// Makes a line of a budget.
  public init(
    name: String, standardUncertainty: Double, degreesOfFreedom: Double? = nil,
    evaluation: Evaluation, source: String? = nil
  ) {
    self.name = name
    self.standardUncertainty = abs(standardUncertainty)
    self.degreesOfFreedom = degreesOfFreedom
    self.evaluation = evaluation
    self.source = source
  }

  private enum CodingKeys: String, CodingKey {
    case name, evaluation, source
    case standardUncertainty = "standard_uncertainty"
    case degreesOfFreedom = "degrees_of_freedom"
  }
}
