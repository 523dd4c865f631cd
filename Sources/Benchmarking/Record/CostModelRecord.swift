// SPDX-License-Identifier: Apache-2.0

/// The cost model behind a run's modelled figures.
public struct CostModelRecord: Codable, Equatable, Sendable {
  /// Which one, with version and chip: `cortex-m4/1 (stm32l4r5)`.
  public let name: String
  /// Stated relative error of cycles and latency (0.1 is ± 10 %); `nil` if it models none.
  public let relativeErrorCycles: Double?
  /// Stated relative error of energy; `nil` if it models none.
  public let relativeErrorEnergy: Double?
  /// What the statement rests on: checked against which measurements.
  public let basis: String

  /// Describes a model.
  public init(
    name: String, relativeErrorCycles: Double?, relativeErrorEnergy: Double?, basis: String
  ) {
    self.name = name
    self.relativeErrorCycles = relativeErrorCycles
    self.relativeErrorEnergy = relativeErrorEnergy
    self.basis = basis
  }

  /// The term that modelled energies carry in their budgets.
  public var energyTerm: SystematicTerm? {
    relativeErrorEnergy.map {
      SystematicTerm(
        name: "power model", relative: $0, meaning: .expanded95, source: "cost model \(name)")
    }
  }

  /// The term that modelled cycles and latencies carry in their budgets.
  public var cycleTerm: SystematicTerm? {
    relativeErrorCycles.map {
      SystematicTerm(
        name: "cycle model", relative: $0, meaning: .expanded95, source: "cost model \(name)")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, basis
    case relativeErrorCycles = "relative_error_cycles"
    case relativeErrorEnergy = "relative_error_energy"
  }
}
