// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import PowerMeters
import TestSupport
import Testing

/// The driver against lines and probes that misbehave.
@Suite("ProbeMeter")
struct ProbeMeterTests {
  @Test("lost packets are noticed, and cost only their samples", arguments: [20, 45, 90])
  func noticesLostPackets(damagedFrame: Int) throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 7, errors: .noiseOnly)
    defer { probe.close() }
    let line = FaultyLine(try PseudoTerminalTransport(path: probe.ptyPath))
    line.damagedFrames = [damagedFrame]
    let meter = try ProbeMeter(over: line, name: "probe")
    defer { meter.close() }
    try meter.start()
    VirtualProbeTests.Window(seconds: 3, inferences: 1).feed(to: probe)
    probe.finish()
    let trace = try meter.stop()
    #expect(trace.problems.contains(.lostEvents(count: 1)))
    let lost = trace.problems.compactMap { problem in
      if case .lostSamples(let count, _) = problem { count } else { nil }
    }
    #expect(lost == [100])
    #expect(trace.currentAmperes.filter(\.isNaN).count == 100)
    let window = try #require(EnergyIntegrator().report(on: trace).windows.first)
    #expect(abs(window.grossJoules / (0.043 * 3) - 1) < 0.001)
  }

  @Test("a response that is lost is asked for again", arguments: 0..<5)
  func repeatsRequests(damagedFrame: Int) throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 7, errors: .noiseOnly)
    defer { probe.close() }
    let line = FaultyLine(try PseudoTerminalTransport(path: probe.ptyPath))
    line.damagedFrames = [damagedFrame]
    let meter = try ProbeMeter(over: line, name: "probe")
    defer { meter.close() }
    try meter.start()
    probe.finish(seconds: 0.001)
    let trace = try meter.stop()
    #expect(trace.count == 4)
  }

  @Test("a line that is silent gives up in time")
  func givesUpOnSilence() throws {
    let began = ContinuousClock.now
    let line = AnsweringTransport { _ in [] }
    #expect(throws: PowerMetersError.self) { try ProbeMeter(over: line, name: "probe") }
    #expect(ContinuousClock.now - began < .seconds(10))
  }

  @Test("a line full of garbage gives up in time")
  func givesUpOnGarbage() throws {
    var random = SplitMix64(seed: 1)
    let began = ContinuousClock.now
    let line = EndlessLine { random.bytes(1000) }
    #expect(throws: PowerMetersError.self) { try ProbeMeter(over: line, name: "probe") }
    #expect(ContinuousClock.now - began < .seconds(10))
  }

  @Test("garbage while recording is an error or a problem, never a crash")
  func survivesGarbageInRecording() throws {
    let probe = try VirtualProbe(supplyVolts: 1.8, seed: 7)
    defer { probe.close() }
    let line = FaultyLine(try PseudoTerminalTransport(path: probe.ptyPath))
    let meter = try ProbeMeter(over: line, name: "probe")
    defer { meter.close() }
    line.noise = SplitMix64(seed: 5)
    do {
      try meter.start()
      VirtualProbeTests.Window(seconds: 1, inferences: 1).feed(to: probe)
      probe.finish()
      #expect(try meter.stop().problems.isEmpty == false)
    } catch {
      #expect(!error.description.isEmpty)
    }
  }

  @Test("a device that answers nonsense is no probe", arguments: ScriptedProbe.Nonsense.allCases)
  func refusesNonsense(nonsense: ScriptedProbe.Nonsense) throws {
    let probe = ScriptedProbe(nonsense)
    let line = AnsweringTransport { probe.answer($0) }
    #expect(throws: PowerMetersError.self) {
      let meter = try ProbeMeter(over: line, name: "probe")
      try meter.start()
      _ = try meter.stop()
    }
  }

  @Test("the scripted device without nonsense is a probe")
  func acceptsScriptedProbe() throws {
    let probe = ScriptedProbe(nil)
    let line = AnsweringTransport { probe.answer($0) }
    let meter = try ProbeMeter(over: line, name: "probe")
    try meter.start()
    let trace = try meter.stop()
    #expect(trace.count == 2)
    #expect(trace.problems.isEmpty)
    #expect(abs(trace.watts(at: 1) - 0.002 * 2) < 1e-6)
    #expect(trace.edges == [TriggerEdge(seconds: 0, phase: .baseline)])
  }

  @Test("an event in bytes is the one of the specification")
  func followsSpecification() throws {
    let frame = Frame(
      type: .event, command: 0x51, sequence: 0, session: 0x1234,
      payload: [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0])
    let body: [UInt8] = [
      0x03, 0x51, 0, 0, 0x34, 0x12, 0, 0, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
    ]
    #expect(try Self.decodedBody(frame.encoded()).dropLast(4) == body[...])
  }

  /// Undoes COBS, by the specification.
  private static func decodedBody(_ frame: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    var block = frame.dropFirst().dropLast()[...]
    while let code = block.first {
      body += block.dropFirst().prefix(Int(code) - 1)
      block = block.dropFirst(Int(code))
      if code < 0xff, !block.isEmpty { body.append(0) }
    }
    return body
  }

  @Test("pins carry the phases in Gray code")
  func decodesPins() {
    #expect([0, 1, 3, 2].map { TriggerPhase(pins: $0) } == TriggerPhase.allCases)
    for phase in TriggerPhase.allCases { #expect(TriggerPhase(pins: phase.pins) == phase) }
  }
}
