// SPDX-License-Identifier: Apache-2.0

/// What a network may cost in all, where the bits of its weights decide about a part of it: its time, or its
/// energy, by a model of a chip.
public struct PrecisionBudget: Sendable {
  /// The unit of all numbers here, for messages: `ms`.
  public var unit: String
  /// The most that the network may cost.
  public var limit: Double
  /// What it costs beside the layers that have a choice, finite and at least 0.
  public var fixedCost: Double
  /// What a layer costs with a choice of weights, finite and at least 0.
  public var cost: @Sendable (LayerPrecision) -> Double

  /// Makes a budget.
  public init(
    unit: String, limit: Double, fixedCost: Double,
    cost: @escaping @Sendable (LayerPrecision) -> Double
  ) {
    self.unit = unit
    self.limit = limit
    self.fixedCost = fixedCost
    self.cost = cost
  }
}

/// How a search kept a budget.
public struct BudgetReport: Sendable, Codable, Equatable {
  /// The unit of the numbers.
  public var unit: String
  /// What was allowed.
  public var limit: Double
  /// What the network costs as it was chosen.
  public var reached: Double
  /// What it costs with weights of eight bits.
  public var int8: Double
  /// The least that any choice costs.
  public var least: Double

  /// Makes a report.
  public init(unit: String, limit: Double, reached: Double, int8: Double, least: Double) {
    self.unit = unit
    self.limit = limit
    self.reached = reached
    self.int8 = int8
    self.least = least
  }
}
