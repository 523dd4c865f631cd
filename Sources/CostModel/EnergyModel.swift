// SPDX-License-Identifier: Apache-2.0
public import BoardSupport

/// Time and energy of a chip from its cycles: constant power while it computes, another while it
/// waits.
///
/// The power is the published one of the chip, its supply and its clock; `Docs/cost-model.md` says
/// why nothing finer is honest.
public struct EnergyModel: Sendable, Equatable {
  /// The chip's id, which is also the model's name: `stm32l4r5`.
  public let chip: String
  /// Its clock, in hertz.
  public let clockHz: Double
  /// Its supply, in volts.
  public let supplyVolts: Double
  /// Mean power of the whole chip while it computes, in watts.
  public let activeWatts: Double
  /// Mean power awake and waiting in a loop, in watts.
  public let idleWatts: Double
  /// Expanded relative uncertainty of the power: 0.25 is 25 %.
  public let relativeError: Double
  /// The publication that the power comes from.
  public let source: String

  /// Makes a model from a chip's figures.
  ///
  /// - Throws: ``CostModelError/noPowerFigures(chip:problem:)`` if one of them is missing, is not
  ///   a positive number, or if idle power exceeds active power.
  public init(
    chip: String, clockHz: Double, supplyVolts: Double, activeWatts: Double, idleWatts: Double,
    relativeError: Double, source: String
  ) throws(CostModelError) {
    let figures = [
      ("clock", clockHz), ("supply", supplyVolts), ("active power", activeWatts),
      ("idle power", idleWatts), ("relative error", relativeError),
    ]
    for (name, value) in figures where !(value.isFinite && value > 0) {
      throw .noPowerFigures(chip: chip, problem: "its \(name) is \(value)")
    }
    guard idleWatts <= activeWatts else {
      throw .noPowerFigures(chip: chip, problem: "its idle power exceeds its active power")
    }
    self.chip = chip
    self.clockHz = clockHz
    self.supplyVolts = supplyVolts
    self.activeWatts = activeWatts
    self.idleWatts = idleWatts
    self.relativeError = relativeError
    self.source = source
  }

  /// Makes a model from a chip's definition.
  ///
  /// - Throws: ``CostModelError/noPowerFigures(chip:problem:)`` if it states none.
  public init(_ soc: SoC) throws(CostModelError) {
    guard let power = soc.power else {
      throw .noPowerFigures(chip: soc.id, problem: "its definition states no power")
    }
    guard let millivolts = soc.supplyMillivolts else {
      throw .noPowerFigures(chip: soc.id, problem: "its definition states no supply voltage")
    }
    try self.init(
      chip: soc.id, clockHz: Double(soc.clockHz), supplyVolts: Double(millivolts) / 1e3,
      activeWatts: power.activeMilliwatts / 1e3, idleWatts: power.idleMilliwatts / 1e3,
      relativeError: power.relativeError, source: power.source)
  }

  /// Power in a phase, in watts.
  public func watts(in phase: TriggerMark) -> Double {
    switch phase {
    case .inference, .between, .step: activeWatts
    case .idle, .baseline: idleWatts
    }
  }

  /// Current from the supply in a phase, in amperes.
  public func amperes(in phase: TriggerMark) -> Double { watts(in: phase) / supplyVolts }
}
