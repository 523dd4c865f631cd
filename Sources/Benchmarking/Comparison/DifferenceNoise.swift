// SPDX-License-Identifier: Apache-2.0

/// How large a difference of two figures noise alone explains.
enum DifferenceNoise {
  /// Half width of the 95 % interval of the difference of two estimates.
  ///
  /// Components of scatter add as in Welch's t test. A component that both budgets hold with the
  /// same name and the same source is one and the same unknown error: it enters with the difference
  /// of its two sizes, so that what both runs share cancels. All others add as independent.
  ///
  /// - Returns: `nil` if either scatter is unknown.
  static func halfWidth(_ first: Estimate, _ second: Estimate) -> Double? {
    guard first.repeatability95 != nil, second.repeatability95 != nil else { return nil }
    var components: [UncertaintyComponent] = []
    var unmatched = second.budget
    for component in first.budget {
      guard let index = unmatched.firstIndex(where: { isSameError(component, $0) }) else {
        components.append(component)
        continue
      }
      let twin = unmatched.remove(at: index)
      components.append(
        UncertaintyComponent(
          name: component.name,
          standardUncertainty: component.standardUncertainty - twin.standardUncertainty,
          degreesOfFreedom: component.degreesOfFreedom, evaluation: component.evaluation,
          source: component.source))
    }
    return UncertaintyBudget(components + unmatched).expandedUncertainty()
  }

  /// Half width of the 95 % interval of the difference of two shares of right answers.
  ///
  /// Unpaired, with one right and one wrong answer added to each (Agresti and Caffo, 2000): wider
  /// than a paired test would give, because records do not keep the answer of every row.
  static func halfWidth(_ first: AccuracyFigures, _ second: AccuracyFigures) -> Double {
    let variance = [first, second].reduce(0.0) { sum, accuracy in
      let rows = Double(accuracy.rows) + 2
      let share = (Double(accuracy.correct) + 1) / rows
      return sum + share * (1 - share) / rows
    }
    return NormalDistribution.quantile(0.975) * variance.squareRoot()
  }

  private static func isSameError(
    _ first: UncertaintyComponent, _ second: UncertaintyComponent
  ) -> Bool {
    guard let source = first.source, first.evaluation == .knowledge else { return false }
    return second.evaluation == .knowledge && second.name == first.name && second.source == source
  }
}
