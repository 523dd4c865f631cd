// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import Testing

@Suite struct EnergyAnalysisTests {
  /// Five windows of 1000 inferences of 10 ms; values in µJ per inference.
  private func windows(_ gross: [Double], baselineW: Double? = nil, cycles: [Int]? = nil) throws
    -> [WindowRecord]
  {
    try gross.enumerated().map { index, value in
      try WindowRecord(
        inferences: 1000, durationS: 10, energyJ: value * 1e-3, baselinePowerW: baselineW,
        powerCycle: cycles?[index] ?? 0)
    }
  }

  /// The worked example of Docs/energy-statistics.md, calculated there by hand.
  @Test("the worked example gives the interval that was calculated by hand")
  func workedExample() throws {
    let analysis = try EnergyAnalysis(
      windows: windows([499, 501, 500, 502, 498], baselineW: 0.02), meterName: "probe",
      meter: MeterUncertainty(shuntTolerance: 0.001, currentGain: 0.002, currentOffsetA: 10e-6),
      supplyV: 3)
    // s = √2.5 = 1.58114; u_A = s/√5 · 1.1976 = 0.84683, 4 degrees of freedom.
    // shunt 0.001·500/√3 = 0.28868; gain 0.57735; offset 10 µA·3 V·10 ms = 0.3 µJ, /√3 = 0.17321.
    // u_c² = 0.71712 + 0.08333 + 0.33333 + 0.03 = 1.16379; ν = 1.16379²/(0.71712²/4) = 10.534.
    let gross = analysis.figures.gross
    #expect(gross.median == 500)
    #expect(
      gross.budget.map(\.name) == [
        "repeatability over windows", "shunt tolerance", "current gain", "current offset",
      ])
    let budget = UncertaintyBudget(gross.budget)
    #expect(abs(budget.combinedStandardUncertainty - 1.07879) < 1e-4)
    #expect(abs(budget.effectiveDegreesOfFreedom - 10.534) < 5e-3)
    // t(0.975; 10.534) = 2.2130 by interpolation between 2.2281 (10) and 2.2010 (11).
    let interval = try #require(gross.ci95)
    #expect(abs(interval.halfWidth - 2.213 * 1.07879) < 3e-3)
    // t(0.975; 4) = 2.7764
    let repeatability = try #require(gross.repeatability95)
    #expect(abs(repeatability.halfWidth - 2.7764 * 0.84683) < 1e-3)
    let relative = try #require(analysis.figures.relativeUncertainty)
    #expect(abs(relative - interval.halfWidth / 500) < 1e-12)
    #expect(analysis.figures.origin == .measured)
    #expect(analysis.problems == ["one power cycle: the spread between power cycles is unknown"])

    // Net: 20 mW · 10 ms = 200 µJ less; proportional terms scale with 300, the offset cancels.
    let net = try #require(analysis.figures.net)
    #expect(abs(net.median - 300) < 1e-9)
    #expect(!net.budget.contains { $0.name == "current offset" })
    let gain = try #require(net.budget.first { $0.name == "current gain" })
    #expect(abs(gain.standardUncertainty - 0.002 * 300 / 3.0.squareRoot()) < 1e-9)
  }

  @Test("with several power cycles each is one observation")
  func powerCycles() throws {
    // Within cycles nothing varies; between them 100, 110, 120: s = 10, median penalty 1.1602.
    let analysis = try EnergyAnalysis(
      windows: windows([100, 100, 100, 110, 120, 120], cycles: [0, 0, 0, 1, 2, 2]),
      meterName: "probe", meter: MeterUncertainty(), supplyV: 3)
    let gross = analysis.figures.gross
    #expect(abs(gross.median - 110) < 1e-9)
    let scatter = try #require(gross.budget.first)
    #expect(scatter.name == "repeatability over power cycles")
    #expect(abs(scatter.standardUncertainty - 10 / 3.0.squareRoot() * 1.1602) < 1e-9)
    #expect(scatter.degreesOfFreedom == 2)
    #expect(
      analysis.problems == [
        "no idle baseline was recorded in every window: net energy is unknown"
      ])
    #expect(analysis.figures.net == nil)
  }

  @Test("one window gives a value, but no interval, and says why")
  func singleWindow() throws {
    let analysis = try EnergyAnalysis(
      windows: windows([100], baselineW: 0.001), meterName: "probe",
      meter: MeterUncertainty(currentGain: 0.01), supplyV: 3)
    #expect(analysis.figures.gross.ci95 == nil)
    #expect(analysis.figures.relativeUncertainty == nil)
    #expect(analysis.problems.contains { $0.hasPrefix("one window") })
  }

  @Test("a power model's error widens the interval and makes the figure modelled")
  func modelled() throws {
    let model = SystematicTerm(name: "power model", relative: 0.5, meaning: .expanded95)
    let analysis = try EnergyAnalysis(
      windows: windows([100, 100, 100]), meterName: "virtual", meter: MeterUncertainty(),
      supplyV: 1.8, model: model)
    #expect(analysis.figures.origin == .modelled)
    let relative = try #require(analysis.figures.relativeUncertainty)
    #expect(abs(relative - 0.5) < 1e-9)
    #expect(analysis.figures.gross.repeatability95?.halfWidth == 0)
  }

  @Test("edge jitter counts once per pair of edges, burden by the loss in the shunt")
  func edgesAndBurden() throws {
    let meter = MeterUncertainty(burdenOhm: 1, edgeJitterS: 1e-4)
    let few = try EnergyAnalysis(
      windows: windows([300, 300]), meterName: "m", meter: meter, supplyV: 3, edgePairs: 1)
    let many = try EnergyAnalysis(
      windows: windows([300, 300]), meterName: "m", meter: meter, supplyV: 3, edgePairs: 1000)
    func term(_ analysis: EnergyAnalysis, _ name: String) throws -> Double {
      try #require(analysis.figures.gross.budget.first { $0.name == name }).standardUncertainty
    }
    // √2 · 0.1 ms / 10 s · 300 µJ
    #expect(abs(try term(few, "edge jitter") - 2.0.squareRoot() * 1e-5 * 300) < 1e-9)
    #expect(
      abs(try term(many, "edge jitter") / term(few, "edge jitter") - 1000.0.squareRoot()) < 1e-9)
    // 30 mW at 3 V are 10 mA; 1 Ω · (10 mA)² · 10 ms = 1 µJ at most.
    #expect(abs(try term(few, "burden voltage") - 1 / 3.0.squareRoot()) < 1e-9)
  }

  @Test("windows that cannot be are refused")
  func impossible() {
    #expect(throws: BenchmarkingError.self) {
      try WindowRecord(inferences: 0, durationS: 1, energyJ: 1)
    }
    #expect(throws: BenchmarkingError.self) {
      try WindowRecord(inferences: 1, durationS: 0, energyJ: 1)
    }
    #expect(throws: BenchmarkingError.self) {
      try WindowRecord(inferences: 1, durationS: 1, energyJ: .nan)
    }
    #expect(throws: BenchmarkingError.noSamples(of: "energy windows")) {
      try EnergyAnalysis(windows: [], meterName: "m", meter: MeterUncertainty(), supplyV: 3)
    }
  }
}
