// SPDX-License-Identifier: Apache-2.0

/// Energy per inference with its uncertainty, from the windows of a run.
///
/// The stated value is the median over windows, or, if the board was power cycled, the median over
/// cycles of each cycle's median. `Docs/energy-statistics.md` gives the formulas and a worked
/// example.
public struct EnergyAnalysis: Equatable, Sendable {
  /// The figures of the record.
  public let figures: EnergyFigures
  /// What a reader has to know about them, in sentences.
  public let problems: [String]

  /// Evaluates windows.
  ///
  /// - Parameters:
  ///   - windows: At least one, in the order of measurement.
  ///   - meterName: As the user names it.
  ///   - meter: Its systematic errors.
  ///   - calibration: Which calibration of it was in force; runs under the same one share its
  ///     error.
  ///   - supplyV: The board's supply, in V.
  ///   - edgePairs: Pairs of trigger edges per window: 1, or its inferences if each has its own.
  ///   - model: The cost model's error, if the power is modelled. Then the origin is `modelled`.
  /// - Throws: ``BenchmarkingError/noSamples(of:)``,
  ///   ``BenchmarkingError/badSample(of:index:value:allowed:)``.
  public init(
    windows: [WindowRecord], meterName: String, meter: MeterUncertainty, calibration: String = "",
    supplyV: Double, edgePairs: Int = 1, model: SystematicTerm? = nil
  ) throws(BenchmarkingError) {
    guard let typical = Self.typicalWindow(windows) else { throw .noSamples(of: "energy windows") }
    let source = "meter \(meterName)" + (calibration.isEmpty ? "" : ", calibration \(calibration)")
    let terms =
      meter.proportionalTerms(window: typical, edgePairs: edgePairs, source: source)
      + (model.map { [$0] } ?? [])
    let additive = meter.additiveComponents(window: typical, supplyV: supplyV, source: source)

    let gross = try Repeatability(windows, \.grossUJ)
    var problems = gross.problems
    var net: Estimate?
    if windows.allSatisfy({ $0.netUJ != nil }) {
      let scatter = try Repeatability(windows) { $0.netUJ ?? .nan }
      net = Self.estimate(scatter, terms, additive.net)
    } else {
      problems.append("no idle baseline was recorded in every window: net energy is unknown")
    }
    figures = EnergyFigures(
      gross: Self.estimate(gross, terms, additive.gross), net: net,
      origin: model == nil ? .measured : .modelled, meter: meterName)
    self.problems = problems
  }

  private static func estimate(
    _ scatter: Repeatability, _ terms: [SystematicTerm], _ additive: [UncertaintyComponent]
  ) -> Estimate {
    Estimate(
      median: scatter.median, scatter: scatter.component,
      knowledge: terms.map { $0.component(of: scatter.median) } + additive)
  }

  /// The window of median duration stands for all in the terms that depend on time or power.
  private static func typicalWindow(_ windows: [WindowRecord]) -> WindowRecord? {
    guard !windows.isEmpty else { return nil }
    return windows.sorted { $0.durationS < $1.durationS }[windows.count / 2]
  }
}
