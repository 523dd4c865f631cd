// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation

/// A current trace with five windows, each step of the network drawing a little more or less.
enum ExampleSeries {
  static func make(
    _ options: ExampleOptions, latencyS: Double, steps: [StepRecord]
  ) throws -> (RawSeries, [WindowRecord]) {
    var trace = Trace(options: options)
    var windows: [WindowRecord] = []
    trace.hold(.idle, seconds: 0.03, watts: 0.012)
    for _ in 0..<5 {
      trace.hold(.baseline, seconds: 0.03, watts: 0.016)
      var energyJ = 0.0
      for _ in 0..<options.inferencesPerWindow {
        trace.mark(.inference)
        for step in steps {
          let share = (step.cycles ?? 0) / options.cycles
          let watts = options.activeW * (step.kind == "conv2d" ? 1.03 : 0.88)
          energyJ += trace.hold(nil, seconds: latencyS * share, watts: watts)
        }
        trace.hold(.between, seconds: 0.0005, watts: 0.03)
      }
      trace.hold(.baseline, seconds: 0.03, watts: 0.016)
      trace.hold(.idle, seconds: 0.03, watts: 0.012)
      windows.append(
        try WindowRecord(
          inferences: options.inferencesPerWindow,
          durationS: latencyS * Double(options.inferencesPerWindow), energyJ: energyJ,
          baselinePowerW: 0.016))
    }
    let series = try RawSeries(
      timeBaseHz: options.sampleRateHz, currentA: trace.currentA, voltageV: [1.8],
      edges: trace.edges)
    return (series, windows)
  }

  private struct Trace {
    let options: ExampleOptions
    var generator: Generator
    var currentA: [Float] = []
    var edges: [RawSeries.Edge] = []
    var time = 0.0

    init(options: ExampleOptions) {
      self.options = options
      generator = Generator(state: options.seed)
    }

    mutating func mark(_ phase: RawSeries.Phase) {
      edges.append(RawSeries.Edge(timeS: time, phase: phase))
    }

    @discardableResult
    mutating func hold(_ phase: RawSeries.Phase?, seconds: Double, watts: Double) -> Double {
      if let phase { mark(phase) }
      time += seconds
      let drift = 1 + (generator.uniform() - 0.5) * 0.004
      while Double(currentA.count) / options.sampleRateHz < time {
        let noise = (generator.uniform() + generator.uniform() - 1) * 0.0006
        currentA.append(Float(watts * drift / 1.8 + noise))
      }
      return watts * drift * seconds
    }
  }

  private struct Generator {
    var state: UInt64

    /// The next number in 0..<1, by a 64-bit congruential generator (Knuth's MMIX constants).
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
  }
}
