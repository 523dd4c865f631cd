// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import PowerMeters
import Testing

/// The whole way: virtual probe, its terminal, the driver, the integrator.
@Suite("virtual probe")
struct VirtualProbeTests {
  @Test(
    "the energy that was fed comes back within 0.1 %",
    arguments: [(0.0105, 1), (0.0105, 20), (0.4427, 5), (0.00037, 200)])
  func recoversEnergy(seconds: Double, inferences: Int) throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 7, errors: .noiseOnly)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath)
    defer { meter.close() }
    try meter.start()
    Window(seconds: seconds, inferences: inferences).feed(to: probe)
    probe.finish()
    let trace = try meter.stop()
    #expect(trace.problems.isEmpty)
    let report = EnergyIntegrator().report(
      on: trace,
      expecting: [
        ExpectedWindow(inferences: inferences, seconds: seconds * Double(inferences))
      ])
    let window = try #require(report.windows.first)
    #expect(report.windows.count == 1)
    // One window of 10 ms has 42 samples: its noise alone is a few parts in 10 000.
    #expect(abs(window.grossJoulesPerInference / (0.043 * seconds) - 1) < 0.001)
    let net = try #require(window.netJoulesPerInference)
    #expect(abs(net / (0.0129 * seconds) - 1) < 0.003)
    #expect(
      report.allProblems.filter { !$0.contains("samples long") } == [], "\(report.allProblems)")
  }

  @Test("a probe as one would build it errs no more than it says", arguments: 0..<8)
  func staysWithinLimits(seed: UInt64) throws {
    let probe = try VirtualProbe(supplyVolts: 3, seed: seed)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath)
    defer { meter.close() }
    try meter.start()
    Window(seconds: 0.5, inferences: 1).feed(to: probe)
    probe.finish()
    let trace = try meter.stop()
    let calibration = trace.calibration
    let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
    let amperes = 0.043 / 1.8
    let limit =
      calibration.shuntTolerance + calibration.currentGainError
      + calibration.currentOffsetAmperes / amperes + calibration.voltageGainError
      + calibration.voltageOffsetVolts / 3 + calibration.timeBaseError
    let error = window.grossJoules / (amperes * 3 * 0.5) - 1
    #expect(abs(error) < limit)
    #expect(abs(error) > 1e-7, "it has deviations")
    #expect(limit < 0.003)
  }

  @Test("the same seed and events give the same trace; another seed another")
  func isReproducible() throws {
    func record(seed: UInt64) throws -> PowerTrace {
      let probe = try VirtualProbe(supplyVolts: 1.8, seed: seed)
      defer { probe.close() }
      let meter = try ProbeMeter(port: probe.ptyPath, name: "virtual")
      defer { meter.close() }
      try meter.start()
      Window(seconds: 0.02, inferences: 3).feed(to: probe)
      probe.finish()
      return try meter.stop()
    }
    let first = try record(seed: 1)
    #expect(try record(seed: 1) == first)
    #expect(try record(seed: 2) != first)
  }

  @Test("edges are where the phases changed, to a tick")
  func placesEdges() throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 1, errors: .noiseOnly)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath)
    defer { meter.close() }
    try meter.start()
    probe.feed(PowerEvent(phase: .idle, seconds: 0.01, amperes: 0.01))
    probe.feed(PowerEvent(phase: .inference, seconds: 0.01234567, amperes: 0.02))
    probe.feed(PowerEvent(phase: .inference, seconds: 0.01, amperes: 0.02))
    probe.feed(PowerEvent(phase: .between, seconds: 0.001, amperes: 0.02))
    probe.finish()
    let edges = try meter.stop().edges
    #expect(edges.map(\.phase) == [.idle, .inference, .between, .idle])
    for (edge, seconds) in zip(edges, [0, 0.01, 0.03234567, 0.03334567]) {
      #expect(abs(edge.seconds - seconds) <= 0.5e-7 + 1e-12)
    }
  }

  @Test("several windows and recordings go through one probe")
  func recordsAgain() throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 3, errors: .noiseOnly)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath)
    defer { meter.close() }
    for _ in 0..<3 {
      try meter.start()
      for _ in 0..<4 { Window(seconds: 0.05, inferences: 2).feed(to: probe) }
      probe.finish()
      let trace = try meter.stop()
      #expect(trace.edges.first == TriggerEdge(seconds: 0, phase: .idle))
      let report = EnergyIntegrator().report(on: trace)
      #expect(report.windows.count == 4)
      for window in report.windows {
        #expect(abs(window.grossJoules / (0.043 * 0.1) - 1) < 0.001)
      }
    }
  }

  @Test("what happens while nothing is recorded leaves no trace")
  func ignoresUnrecordedTime() throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 3, errors: .noiseOnly)
    defer { probe.close() }
    Window(seconds: 5, inferences: 1).feed(to: probe)
    let meter = try ProbeMeter(port: probe.ptyPath)
    defer { meter.close() }
    try meter.start()
    probe.finish(seconds: 0.1)
    #expect(try meter.stop().count == 400)
  }

  @Test("current beyond the range is named")
  func namesOutOfRange() throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, shuntOhms: 8, seed: 3, errors: .noiseOnly)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath)
    defer { meter.close() }
    try meter.start()
    Window(seconds: 0.1, inferences: 1).feed(to: probe)
    probe.finish()
    #expect(try meter.stop().problems.contains(.overrange(samples: 400)))
  }

  @Test(
    "the sample rate is the nearest that the probe has", arguments: [(1000.0, 1000.0), (1e6, 1e4)])
  func choosesRate(wanted: Double, given: Double) throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 3)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath, sampleRateHz: wanted)
    defer { meter.close() }
    #expect(meter.sampleRateHz == given)
    #expect(meter.information.isVirtual)
    #expect(meter.identity.contains("virtual probe"))
  }

  @Test(
    "illegal circuits are refused", arguments: [(0.0, 1.0), (48.0, 1.0), (1.8, 0.0), (.nan, 1.0)])
  func refusesIllegalCircuits(volts: Double, ohms: Double) {
    #expect(throws: PowerMetersError.self) {
      try VirtualProbe(supplyVolts: volts, shuntOhms: ohms, seed: 1)
    }
  }

  @Test("a probe that is unplugged while recording is one clear error")
  func namesUnplugging() throws {
    var probe: VirtualProbe? = try VirtualProbe(supplyVolts: 1.8, seed: 3)
    let meter = try ProbeMeter(port: try #require(probe?.ptyPath))
    defer { meter.close() }
    try meter.start()
    probe?.close()
    probe = nil
    #expect(throws: PowerMetersError.self) { try meter.stop() }
    #expect(throws: PowerMetersError.self) { try meter.stop() }
  }

  @Test("start and stop take turns")
  func refusesDisorder() throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 3)
    defer { probe.close() }
    let meter = try ProbeMeter(port: probe.ptyPath)
    #expect(throws: PowerMetersError.self) { try meter.stop() }
    try meter.start()
    #expect(throws: PowerMetersError.self) { try meter.start() }
    meter.close()
    meter.close()
  }

  /// Baseline, inferences with the input restored between them, baseline: 43 and 30.1 mW at 1.8 V.
  struct Window {
    var seconds: Double
    var inferences: Int

    func feed(to probe: VirtualProbe) {
      let active = 0.043 / 1.8
      let idle = 0.0301 / 1.8
      probe.feed(PowerEvent(phase: .idle, seconds: 0.0203, amperes: idle))
      probe.feed(PowerEvent(phase: .baseline, seconds: 0.0507, amperes: idle))
      for inference in 0..<inferences {
        if inference > 0 {
          probe.feed(PowerEvent(phase: .between, seconds: 0.000123, amperes: active))
        }
        probe.feed(PowerEvent(phase: .inference, seconds: seconds, amperes: active))
      }
      probe.feed(PowerEvent(phase: .baseline, seconds: 0.0507, amperes: idle))
    }
  }
}
