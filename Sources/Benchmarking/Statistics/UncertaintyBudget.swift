// SPDX-License-Identifier: Apache-2.0

/// Independent components of a figure's uncertainty, and what follows from them (GUM).
public struct UncertaintyBudget: Equatable, Sendable {
  /// The lines, in the order in which they are reported.
  public let components: [UncertaintyComponent]

  /// Makes a budget of independent components.
  public init(_ components: [UncertaintyComponent]) {
    self.components = components
  }

  /// The combined standard uncertainty: the root of the sum of squares.
  public var combinedStandardUncertainty: Double {
    // Scaled by the largest, so that neither huge nor tiny components leave Double's range.
    let largest = components.map(\.standardUncertainty).max() ?? 0
    guard largest > 0, largest.isFinite else { return largest }
    let sum = components.reduce(0) { sum, component in
      let ratio = component.standardUncertainty / largest
      return sum + ratio * ratio
    }
    return largest * sum.squareRoot()
  }

  /// Degrees of freedom of the combined uncertainty, by Welch–Satterthwaite; infinity if only
  /// components with infinitely many contribute. At least 1.
  public var effectiveDegreesOfFreedom: Double {
    let combined = combinedStandardUncertainty
    guard combined > 0, combined.isFinite else { return .infinity }
    var denominator = 0.0
    for component in components {
      guard let degrees = component.degreesOfFreedom, degrees.isFinite else { continue }
      let ratio = component.standardUncertainty / combined
      denominator += ratio * ratio * ratio * ratio / max(1, degrees)
    }
    return denominator > 0 ? max(1, 1 / denominator) : .infinity
  }

  /// The factor k from Student's t for the effective degrees of freedom.
  ///
  /// - Parameter level: The coverage probability.
  public func coverageFactor(level: Double = 0.95) -> Double {
    StudentT.coverageFactor(level: level, degreesOfFreedom: effectiveDegreesOfFreedom)
  }

  /// The half width of the interval with the given coverage probability, U = k·u_c.
  public func expandedUncertainty(level: Double = 0.95) -> Double {
    let combined = combinedStandardUncertainty
    return combined == 0 ? 0 : coverageFactor(level: level) * combined
  }

  /// The components that come from scatter alone.
  public var repeatability: UncertaintyBudget {
    UncertaintyBudget(components.filter { $0.evaluation == .scatter })
  }
}
