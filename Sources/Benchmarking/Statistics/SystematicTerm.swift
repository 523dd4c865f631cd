// SPDX-License-Identifier: Apache-2.0

/// An error that is the same in all windows of a run, known only by its limits.
public struct SystematicTerm: Codable, Equatable, Sendable {
  /// How the stated number is to be read.
  public enum Meaning: String, Codable, Sendable {
    /// The error lies within ± the number, anywhere with equal probability: u = a/√3.
    case limit
    /// ± the number holds in 95 % of cases: u = a/1.96.
    case expanded95
    /// The number is a standard uncertainty, or the RMS error of a model.
    case standard
  }

  /// What it is, for people: `shunt tolerance`.
  public let name: String
  /// The stated number, as a share of the figure (0.001 is 0.1 %).
  public let relative: Double
  /// How to read it.
  public let meaning: Meaning
  /// Degrees of freedom of the statement; `nil`: it is taken as exact.
  public let degreesOfFreedom: Double?
  /// Which instrument or model errs (see ``UncertaintyComponent/source``).
  public let source: String?

  /// Makes a term.
  public init(
    name: String, relative: Double, meaning: Meaning = .limit, degreesOfFreedom: Double? = nil,
    source: String? = nil
  ) {
    self.name = name
    self.relative = abs(relative)
    self.meaning = meaning
    self.degreesOfFreedom = degreesOfFreedom
    self.source = source
  }

  /// The relative standard uncertainty.
  public var relativeStandardUncertainty: Double {
    switch meaning {
    case .limit: relative / 3.0.squareRoot()
    case .expanded95: relative / NormalDistribution.quantile(0.975)
    case .standard: relative
    }
  }

  /// The line of the budget for a figure of the given size.
  public func component(of figure: Double) -> UncertaintyComponent {
    UncertaintyComponent(
      name: name, standardUncertainty: relativeStandardUncertainty * abs(figure),
      degreesOfFreedom: degreesOfFreedom, evaluation: .knowledge, source: source)
  }

  private enum CodingKeys: String, CodingKey {
    case name, relative, meaning, source
    case degreesOfFreedom = "degrees_of_freedom"
  }
}
