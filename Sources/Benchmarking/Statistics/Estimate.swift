// SPDX-License-Identifier: Apache-2.0

/// A figure with its intervals and the budget behind them.
///
/// The unit is that of the figure it stands for (µJ in `energy_uj`, µs in `latency_us`).
public struct Estimate: Equatable, Sendable {
  /// The stated value.
  public let median: Double
  /// 95 % interval from all components; `nil` if the scatter is unknown.
  public let ci95: Interval?
  /// 95 % interval from scatter alone; `nil` if it is unknown.
  public let repeatability95: Interval?
  /// The components of `ci95`.
  public let budget: [UncertaintyComponent]

  /// Wraps intervals that were computed before.
  public init(
    median: Double, ci95: Interval?, repeatability95: Interval?, budget: [UncertaintyComponent]
  ) {
    self.median = median
    self.ci95 = ci95
    self.repeatability95 = repeatability95
    self.budget = budget
  }

  /// Computes both intervals from a budget.
  ///
  /// - Parameters:
  ///   - median: The stated value.
  ///   - scatter: Its repeatability; `nil` if there was nothing to take it from. Then no interval
  ///     is stated at all: one without repeatability would promise too much.
  ///   - knowledge: The other components.
  public init(
    median: Double, scatter: UncertaintyComponent?, knowledge: [UncertaintyComponent]
  ) {
    let all = UncertaintyBudget((scatter.map { [$0] } ?? []) + knowledge)
    self.median = median
    budget = all.components
    if scatter != nil {
      ci95 = Interval(center: median, halfWidth: all.expandedUncertainty())
      repeatability95 = Interval(
        center: median, halfWidth: all.repeatability.expandedUncertainty())
    } else {
      ci95 = nil
      repeatability95 = nil
    }
  }

  /// Half the width of `ci95` as a share of the value; `nil` if either is unknown or the value is
  /// 0.
  public var relativeUncertainty: Double? {
    guard let ci95, median != 0 else { return nil }
    return ci95.halfWidth / abs(median)
  }

  /// The same relative uncertainties around another value; itself if the value here is 0.
  func scaled(to value: Double) -> Estimate {
    guard median != 0 else { return self }
    let factor = value / median
    return Estimate(
      median: value, ci95: ci95.map { Interval($0.low * factor, $0.high * factor) },
      repeatability95: repeatability95.map { Interval($0.low * factor, $0.high * factor) },
      budget: budget.map { component in
        UncertaintyComponent(
          name: component.name, standardUncertainty: component.standardUncertainty * factor,
          degreesOfFreedom: component.degreesOfFreedom, evaluation: component.evaluation,
          source: component.source)
      })
  }
}

extension Estimate: Codable {
  /// Reads the JSON object; `budget` may be missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    median = try values.decode(Double.self, forKey: .median)
    ci95 = try values.decodeIfPresent(Interval.self, forKey: .ci95)
    repeatability95 = try values.decodeIfPresent(Interval.self, forKey: .repeatability95)
    budget = try values.decodeIfPresent([UncertaintyComponent].self, forKey: .budget) ?? []
  }

  /// Writes the JSON object, unknown intervals as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(median, forKey: .median)
    try values.encode(ci95, forKey: .ci95)
    try values.encode(repeatability95, forKey: .repeatability95)
    try values.encode(budget, forKey: .budget)
  }

  private enum CodingKeys: String, CodingKey {
    case median, ci95, repeatability95, budget
  }
}
