// SPDX-License-Identifier: Apache-2.0
public import BoardSupport

/// Cycles, time and energy of counted instructions on a chip.
///
/// It joins a core's ``CycleModel`` with the clock and power of the chip that an emulated board
/// stands for.
public struct ChipCostModel: Sendable, Equatable {
  /// The core's cycles.
  public let cycleModel: CycleModel
  /// The chip's clock, in hertz.
  public let clockHz: Double
  /// The chip's power; `nil` if none is published.
  public let energyModel: EnergyModel?

  /// Joins two models.
  public init(cycleModel: CycleModel, clockHz: Double, energyModel: EnergyModel?) {
    self.cycleModel = cycleModel
    self.clockHz = clockHz
    self.energyModel = energyModel
  }

  /// The model of a chip, without energy if its definition states no power.
  ///
  /// - Throws: ``CostModelError/unknownCore(core:known:)``;
  ///   ``CostModelError/noPowerFigures(chip:problem:)`` if it states power, but not legally.
  public init(_ soc: SoC) throws(CostModelError) {
    cycleModel = try CycleModel.model(ofCore: soc.core)
    clockHz = Double(soc.clockHz)
    energyModel = soc.power == nil ? nil : try EnergyModel(soc)
  }

  /// Cycles of the counted instructions.
  public func cycles(of counts: InstructionCounts) -> ModelledFigure {
    cycleModel.figure(of: counts)
  }

  /// Their time, in seconds. The clock adds no error worth stating beside the model's.
  public func seconds(of counts: InstructionCounts) -> ModelledFigure {
    ModelledFigure(
      value: cycleModel.cycles(of: counts) / clockHz, relativeError: cycleModel.relativeError,
      model: cycleModel.name)
  }

  /// Their energy in a phase, in joules; `nil` without power figures.
  ///
  /// The errors of time and power are independent and combine as root of the sum of squares.
  public func joules(of counts: InstructionCounts, in phase: TriggerMark = .inference)
    -> ModelledFigure?
  {
    guard let energyModel else { return nil }
    let time = seconds(of: counts)
    return ModelledFigure(
      value: time.value * energyModel.watts(in: phase),
      relativeError: energyRelativeError ?? 0,
      model: "\(cycleModel.name) x \(energyModel.chip)")
  }

  /// Expanded relative uncertainty of an energy; `nil` without power figures.
  public var energyRelativeError: Double? {
    energyModel.map { energy in
      (cycleModel.relativeError * cycleModel.relativeError
        + energy.relativeError * energy.relativeError).squareRoot()
    }
  }
}
