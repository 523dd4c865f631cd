// SPDX-License-Identifier: Apache-2.0
import PowerMeters
import TestSupport
import Testing

@Suite("EnergyIntegrator")
struct EnergyIntegratorTests {
  @Test("constant power: energy is power times duration, wherever the edges lie between samples")
  func integratesConstantPower() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<200 {
      let start = Double.random(in: 3...40, using: &random)
      let end = start + Double.random(in: 1...50, using: &random)
      let trace = try Waveform(rate: 1000, samples: 100).trace(
        watts: { _ in 0.05 }, edges: [(start / 1000, .inference), (end / 1000, .idle)])
      let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
      #expect(abs(window.grossJoules - 0.05 * (end - start) / 1000) < 1e-9)
      #expect(abs(window.durationSeconds - (end - start) / 1000) < 1e-12)
    }
  }

  @Test("steps between samples: an integrating meter's mixtures are taken apart")
  func dividesMixedSamples() throws {
    var random = SplitMix64(seed: 2)
    for _ in 0..<200 {
      let start = Double.random(in: 10...40, using: &random)
      let end = start + Double.random(in: 3...50, using: &random)
      let watts: (Double) -> Double = { start...end ~= $0 ? 0.043 : 0.030 }
      let trace = try Waveform(rate: 1000, samples: 100).trace(
        watts: watts, edges: [(start / 1000, .inference), (end / 1000, .idle)],
        steps: [start, end])
      let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
      let truth = 0.043 * (end - start) / 1000
      #expect(abs(window.grossJoules / truth - 1) < 1e-6, "\(start) ... \(end)")
    }
  }

  @Test("windows shorter than a sample get what the neighbours leave over")
  func integratesShortWindows() throws {
    let trace = try Waveform(rate: 1000, samples: 20).trace(
      watts: { 10.3...10.7 ~= $0 ? 0.043 : 0.030 },
      edges: [(0.0103, .inference), (0.0107, .idle)], steps: [10.3, 10.7])
    let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
    #expect(abs(window.grossJoules - 0.043 * 0.0004) < 1e-10)
    #expect(window.problems.contains(.fewSamples(0.4)) == false)
    #expect(window.problems.contains { if case .fewSamples = $0 { true } else { false } })
  }

  @Test("no energy is lost: the phases' energies add up to that of the trace")
  func conservesEnergy() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<50 {
      var time = 0.0
      var edges: [(Double, TriggerPhase)] = [(0, .inference)]
      while time < 0.09 {
        time += Double.random(in: 0.0001...0.008, using: &random)
        edges.append((time, edges.count % 2 == 0 ? .inference : .between))
      }
      let levels = (0..<100).map { _ in Double.random(in: 0.01...0.06, using: &random) }
      let samples = levels.map { Float($0) }
      let swapped = edges.map { ($0.0, $0.1 == .inference ? TriggerPhase.between : .inference) }
      var joules = 0.0
      for marks in [edges, swapped] {
        let trace = try Self.trace(watts: samples, rate: 1000, edges: marks + [(0.1, .idle)])
        joules += EnergyIntegrator().report(on: trace).windows.reduce(0) { $0 + $1.grossJoules }
      }
      let whole = samples.reduce(0.0) { $0 + Double($1) } / 1000
      #expect(abs(joules - whole) < 1e-9)
    }
  }

  @Test("net is gross without the baseline's power, from before and after the window")
  func subtractsBaseline() throws {
    let edges: [(Double, TriggerPhase)] = [
      (0.010, .baseline), (0.030, .inference), (0.070, .baseline), (0.090, .idle),
    ]
    let trace = try Waveform(rate: 1000, samples: 100).trace(
      watts: { 30...70 ~= $0 ? 0.043 : ($0 < 30 ? 0.0300 : 0.0302) }, edges: edges)
    let report = EnergyIntegrator().report(
      on: trace, expecting: [ExpectedWindow(inferences: 4, seconds: 0.04)])
    let window = try #require(report.windows.first)
    #expect(report.allProblems == [])
    #expect(window.inferences == 4)
    #expect(abs(window.grossJoulesPerInference - 0.043 * 0.01) < 1e-9)
    let net = try #require(window.netJoulesPerInference)
    #expect(abs(net - (0.043 - 0.0301) * 0.01) < 1e-9)
    #expect(abs(window.meanWatts - 0.043) < 1e-7)
  }

  @Test("time between inferences is not counted")
  func excludesBetween() throws {
    let edges: [(Double, TriggerPhase)] = [
      (0.010, .inference), (0.030, .between), (0.040, .inference), (0.060, .idle),
    ]
    let trace = try Waveform(rate: 1000, samples: 100).trace(watts: { _ in 0.05 }, edges: edges)
    let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
    #expect(window.inferences == 2)
    #expect(abs(window.grossJoules - 0.05 * 0.04) < 1e-9)
    #expect(window.startSeconds == 0.010)
    #expect(window.endSeconds == 0.060)
  }

  @Test("a lost sample is replaced by the mean of its phase and named")
  func mendsLostSamples() throws {
    var samples = [Float](repeating: 0.05, count: 100)
    samples[40] = .nan
    samples[41] = .nan
    let trace = try Self.trace(
      watts: samples, rate: 1000, edges: [(0.03, .inference), (0.06, .idle)])
    let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
    #expect(abs(window.grossJoules - 0.05 * 0.03) < 1e-9)
    #expect(window.problems.contains(.lostSamples(count: 2, seconds: 0.002)))
  }

  @Test("a trace of lost samples only has no finite surprises")
  func survivesAllLost() throws {
    let trace = try Self.trace(
      watts: [Float](repeating: .nan, count: 50), rate: 1000,
      edges: [(0.01, .inference), (0.04, .idle)])
    let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
    #expect(window.grossJoules == 0)
    #expect(window.problems.contains(.lostSamples(count: 30, seconds: 0.03)))
  }

  @Test("a window that the trace cuts off is named, not counted")
  func namesUnfinishedWindow() throws {
    let trace = try Self.trace(
      watts: [Float](repeating: 0.05, count: 50), rate: 1000, edges: [(0.01, .inference)])
    let report = EnergyIntegrator().report(on: trace, expecting: [ExpectedWindow(inferences: 1)])
    #expect(report.windows.isEmpty)
    #expect(report.problems == [.unfinishedWindow, .windowCount(found: 0, expected: 1)])
  }

  @Test("a duration that the board's timer contradicts is named")
  func comparesDurations() throws {
    let trace = try Self.trace(
      watts: [Float](repeating: 0.05, count: 100), rate: 1000,
      edges: [(0.01, .inference), (0.06, .idle)])
    func problems(_ seconds: Double) -> [TraceProblem] {
      let expected = [ExpectedWindow(inferences: 5, seconds: seconds)]
      return EnergyIntegrator().report(on: trace, expecting: expected).windows[0].problems
    }
    #expect(problems(0.0501) == [.noBaseline])
    #expect(problems(0.055).contains { if case .durationDisagrees = $0 { true } else { false } })
  }

  @Test("a baseline that drifts, or exceeds the window, is named")
  func namesOddBaselines() throws {
    let edges: [(Double, TriggerPhase)] = [
      (0.010, .baseline), (0.030, .inference), (0.070, .baseline), (0.090, .idle),
    ]
    let trace = try Waveform(rate: 1000, samples: 100).trace(
      watts: { $0 < 30 ? 0.05 : ($0 < 70 ? 0.043 : 0.06) }, edges: edges)
    let problems = EnergyIntegrator().report(on: trace).windows[0].problems
    #expect(problems.contains { if case .baselineDrift = $0 { true } else { false } })
    #expect(problems.contains { if case .baselineAboveActive = $0 { true } else { false } })
  }

  @Test("edges outside the trace, and many at one instant, do no harm")
  func survivesOddEdges() throws {
    let edges: [(Double, TriggerPhase)] = [
      (-5, .baseline), (0.01, .inference), (0.01, .baseline), (0.01, .inference), (0.02, .idle),
      (1e9, .inference), (1e300, .idle),
    ]
    let trace = try Self.trace(
      watts: [Float](repeating: 0.05, count: 50), rate: 1000, edges: edges)
    let report = EnergyIntegrator().report(on: trace)
    #expect(report.windows.count == 1)
    #expect(abs(report.windows[0].grossJoules - 0.0005) < 1e-9)
  }

  @Test("a trace without samples has no windows")
  func survivesEmptyTrace() throws {
    let trace = try Self.trace(watts: [], rate: 1000, edges: [(0, .inference), (1, .idle)])
    #expect(EnergyIntegrator().report(on: trace).windows.isEmpty)
  }

  @Test("illegal traces are refused")
  func refusesIllegalTraces() {
    #expect(throws: PowerMetersError.self) { try Self.trace(watts: [], rate: 0, edges: []) }
    #expect(throws: PowerMetersError.self) { try Self.trace(watts: [], rate: .nan, edges: []) }
    #expect(throws: PowerMetersError.self) {
      try Self.trace(watts: [], rate: 1, edges: [(2, .idle), (1, .idle)])
    }
    #expect(throws: PowerMetersError.self) {
      try PowerTrace(
        meter: "test", sampleRateHz: 1, currentAmperes: [1, 2, 3], voltageVolts: [1, 2], edges: [],
        calibration: MeterCalibration(source: "test"))
    }
  }

  static func trace(watts: [Float], rate: Double, edges: [(Double, TriggerPhase)]) throws
    -> PowerTrace
  {
    try PowerTrace(
      meter: "test", sampleRateHz: rate, powerWatts: watts,
      edges: edges.map { TriggerEdge(seconds: $0.0, phase: $0.1) },
      calibration: MeterCalibration(source: "test"))
  }

  /// Makes traces of a meter that integrates over each sample.
  struct Waveform {
    var rate: Double
    var samples: Int

    /// - Parameters:
    ///   - watts: Power at a time in samples, constant between `steps`.
    ///   - steps: Where the power changes within a sample, in samples.
    func trace(
      watts: (Double) -> Double, edges: [(Double, TriggerPhase)], steps: [Double] = []
    ) throws -> PowerTrace {
      let means = (0..<samples).map { sample in
        let cuts =
          [Double(sample)]
          + steps.filter { Double(sample) < $0 && $0 < Double(sample + 1) }.sorted()
          + [Double(sample + 1)]
        return Float(
          zip(cuts, cuts.dropFirst()).reduce(0) { $0 + watts(($1.0 + $1.1) / 2) * ($1.1 - $1.0) })
      }
      return try EnergyIntegratorTests.trace(watts: means, rate: rate, edges: edges)
    }
  }
}
