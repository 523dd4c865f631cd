// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import RecordFixtures
import Testing

@testable import Reporting

@Suite struct PictureTests {
  @Test("an envelope keeps every extreme of a million samples in few spans")
  func envelope() {
    var samples = [Float](repeating: 0.01, count: 1_000_000)
    samples[123_456] = 0.5
    samples[765_432] = -0.25
    samples[500_000] = .nan
    let envelope = TraceEnvelope(samples, rateHz: 1e6, range: 0...1, columns: 800, scale: 1e3)
    #expect(envelope.spans.count == 800)
    #expect(envelope.spans.map(\.high).max() == 500)
    #expect(envelope.spans.map(\.low).min() == -250)
    let peak = envelope.spans.first { $0.high == 500 }
    #expect(abs((peak?.timeS ?? 0) - 0.123456) < 1.0 / 800)
  }

  @Test("the picture of a million samples stays small")
  func size() throws {
    let samples = (0..<1_000_000).map { Float($0 % 977) * 1e-5 }
    let edges = (0..<20_000).map {
      RawSeries.Edge(timeS: Double($0) * 5e-5, phase: $0 % 2 == 0 ? .inference : .between)
    }
    let series = try RawSeries(timeBaseHz: 1e6, currentA: samples, edges: edges)
    let chart = try #require(TraceChart(series))
    #expect(chart.markup().utf8.count < 150_000)
  }

  @Test("phases become inferences, baselines and windows")
  func phases() throws {
    let series = try RawSeries(
      timeBaseHz: 10, currentA: Array(repeating: 1, count: 100),
      edges: [
        .init(timeS: 1, phase: .baseline), .init(timeS: 2, phase: .inference),
        .init(timeS: 3, phase: .between), .init(timeS: 3.5, phase: .inference),
        .init(timeS: 4, phase: .baseline), .init(timeS: 5, phase: .idle),
        .init(timeS: 6, phase: .inference),
      ])
    let phases = PhaseIntervals(series)
    #expect(phases.windows == [.init(startS: 2, endS: 4), .init(startS: 6, endS: 10)])
    #expect(phases.inferences.count == 3)
    #expect(phases.baselines == [.init(startS: 1, endS: 2), .init(startS: 4, endS: 5)])
  }

  @Test("a series of nonsense is drawn without a crash")
  func nonsense() throws {
    let series = try RawSeries(
      timeBaseHz: 1, currentA: [.nan, .infinity, -.infinity, 3e38],
      edges: [
        .init(timeS: .nan, phase: .inference), .init(timeS: 9e99, phase: .inference),
        .init(timeS: -5, phase: .inference), .init(timeS: 2, phase: .idle),
      ])
    #expect(try #require(TraceChart(series)).markup().contains("<svg"))
    #expect(TraceChart(try RawSeries(timeBaseHz: 1, currentA: [])) == nil)
    let flat = try RawSeries(timeBaseHz: 1e-300, currentA: [0])
    #expect(try #require(TraceChart(flat)).markup().contains("<svg"))
  }

  @Test("damaged arena maps and profiles are drawn without a crash")
  func damagedMaps() throws {
    let items = [
      ArenaItem(name: "a", offset: Int.max, bytes: Int.max, firstStep: 0, lastStep: 1),
      ArenaItem(name: "b", offset: -1, bytes: 5, firstStep: 0, lastStep: 1),
      ArenaItem(name: "c", offset: 0, bytes: 5, firstStep: 3, lastStep: Int.max),
      ArenaItem(name: "d", offset: 0, bytes: 5, firstStep: 3, lastStep: 1),
    ]
    #expect(try #require(ArenaChart(items, arenaBytes: Int.max)).markup().contains("<svg"))
    #expect(ArenaChart([], arenaBytes: 0) == nil)
    let step = StepRecord(
      index: Int.min, kind: "", name: "", sourceOperators: [], kernel: "", outputShape: [],
      macs: -1, instructions: -5, cycles: 1e308, arenaBytes: 0)
    let profile = OperatorProfile(
      operators: [step, step], totalInstructions: nil, cyclesOrigin: .measured)
    #expect(try #require(OperatorChart(profile, clockHz: 0)).markup().contains("<svg"))
  }

  @Test("axes have round marks within their range")
  func marks() {
    let axis = LinearAxis(low: 0, high: 43.2, start: 0, end: 100)
    #expect(axis.marks(about: 4).map(\.text) == ["0", "20", "40"])
    let fine = LinearAxis(low: 0.751, high: 1.04, start: 0, end: 100)
    #expect(fine.marks(about: 6).map(\.text) == ["0.80", "0.85", "0.90", "0.95", "1.00"])
    #expect(LinearAxis(low: .nan, high: 1, start: 0, end: 1).marks(about: 2).count > 1)
    #expect(LinearAxis(low: 0, high: 1, start: 5, end: 9).position(.nan) == 5)
  }

  @Test("coordinates are short, and never anything but numbers")
  func coordinates() {
    #expect(SVGDrawing.number(12) == "12")
    #expect(SVGDrawing.number(-0.256) == "-0.26")
    #expect(SVGDrawing.number(3.05) == "3.05")
    #expect(SVGDrawing.number(.nan) == "0")
    #expect(SVGDrawing.number(1e300) == "0")
  }
}
