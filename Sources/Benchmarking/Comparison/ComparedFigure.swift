// SPDX-License-Identifier: Apache-2.0

/// One figure over all runs of a comparison.
public struct ComparedFigure: Codable, Equatable, Sendable {
  /// Its key, as in the record: `energy_uj.gross`.
  public let key: String
  /// Its name, for people.
  public let name: String
  /// Its unit; empty for a plain number.
  public let unit: String
  /// Whether less is better.
  public let lowerIsBetter: Bool
  /// Origin in each run, the baseline first; `nil` where a run lacks the figure.
  public let origins: [Origin?]
  /// Value in each run, the baseline first; `nil` where a run lacks the figure.
  public let values: [Double?]
  /// 95 % interval in each run, the baseline first; `nil` where there is none.
  public let intervals: [Interval?]
  /// Each other run against the baseline.
  public let differences: [FigureDifference]

  private enum CodingKeys: String, CodingKey {
    case key, name, unit, origins, values, intervals, differences
    case lowerIsBetter = "lower_is_better"
  }
}
