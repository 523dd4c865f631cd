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
  /// The chip's caches in front of flash; `nil` if they are not modelled.
  public let flashCache: FlashCache?

  /// Joins models.
  public init(
    cycleModel: CycleModel, clockHz: Double, energyModel: EnergyModel?,
    flashCache: FlashCache? = nil
  ) {
    self.cycleModel = cycleModel
    self.clockHz = clockHz
    self.energyModel = energyModel
    self.flashCache = flashCache
  }

  /// The model of a chip, without energy if its definition states no power.
  ///
  /// - Throws: ``CostModelError/unknownCore(core:known:)``;
  ///   ``CostModelError/noPowerFigures(chip:problem:)`` if it states power, but not legally.
  public init(_ soc: SoC) throws(CostModelError) {
    cycleModel = try CycleModel.model(ofCore: soc.core)
    clockHz = Double(soc.clockHz)
    energyModel = soc.power == nil ? nil : try EnergyModel(soc)
    flashCache = soc.flashCache
  }

  /// The model's name: that of the core's, and `+flash` where caches and wait states are in it.
  public var name: String { cycleModel.name + (flashCache == nil ? "" : "+flash") }

  /// Expanded relative uncertainty of cycles and time.
  public var relativeError: Double { flashCache?.relativeError ?? cycleModel.relativeError }

  /// Where coefficients and errors come from.
  public var source: String {
    [cycleModel.source, flashCache?.source].compactMap { $0 }.joined(separator: "; flash: ")
  }

  /// Cycles of the counted instructions and cache misses.
  public func cycleCount(of counts: InstructionCounts) -> Double {
    var cycles = cycleModel.cycles(of: counts)
    if let flashCache {
      cycles += flashCache.instructions.missCycles * Double(counts[.fetchMiss])
      cycles += flashCache.data.missCycles * Double(counts[.dataMiss])
    }
    return cycles
  }

  /// ``cycleCount(of:)`` with the model's name and error.
  public func cycles(of counts: InstructionCounts) -> ModelledFigure {
    ModelledFigure(value: cycleCount(of: counts), relativeError: relativeError, model: name)
  }

  /// Their time, in seconds. The clock adds no error worth stating beside the model's.
  public func seconds(of counts: InstructionCounts) -> ModelledFigure {
    ModelledFigure(
      value: cycleCount(of: counts) / clockHz, relativeError: relativeError, model: name)
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
      model: "\(name) x \(energyModel.chip)")
  }

  /// Expanded relative uncertainty of an energy; `nil` without power figures.
  public var energyRelativeError: Double? {
    energyModel.map { energy in
      (relativeError * relativeError + energy.relativeError * energy.relativeError).squareRoot()
    }
  }
}
