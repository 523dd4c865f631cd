// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Testing

@Suite struct SampleStatisticsTests {
  @Test("median, mean and nearest rank of known samples")
  func known() throws {
    let odd = try SampleStatistics([5, 1, 3], of: "x")
    #expect(odd.median == 3)
    #expect(odd.mean == 3)
    #expect(odd.standardDeviation == 2)
    let even = try SampleStatistics([1, 2, 3, 10], of: "x")
    #expect(even.median == 2.5)
    #expect(even.nearestRank(0.5) == 2)
    #expect(even.nearestRank(0.51) == 3)
    #expect(even.nearestRank(0) == 1)
    #expect(even.nearestRank(1) == 10)
    let hundred = try SampleStatistics((1...100).map(Double.init), of: "x")
    #expect(hundred.nearestRank(0.95) == 95)
  }

  @Test("equal samples scatter by exactly nothing")
  func equal() throws {
    let statistics = try SampleStatistics(Array(repeating: 0.1, count: 7), of: "x")
    #expect(statistics.mean == 0.1)
    #expect(statistics.standardDeviation == 0)
  }

  /// Medians of simulated normal samples, with a generator of fixed seed.
  @Test(
    "the stated scatter of a median is that of simulated medians", arguments: [3, 5, 10, 15, 24])
  func medianScatter(count: Int) throws {
    var generator = SplitMix64(state: 7)
    var squares = 0.0
    let rounds = 20_000
    for _ in 0..<rounds {
      let samples = (0..<count).map { _ in
        NormalDistribution.quantile(Double.random(in: 1e-12..<1, using: &generator))
      }
      let median = try SampleStatistics(samples, of: "x").median
      squares += median * median
    }
    // For samples of known s = 1 the stated uncertainty is penalty/√n; take it from any samples.
    let reference = try SampleStatistics((0..<count).map(Double.init), of: "x")
    let s = try #require(reference.standardDeviation)
    let stated = try #require(reference.medianStandardUncertainty) / s
    #expect(abs((squares / Double(rounds)).squareRoot() / stated - 1) < 0.02)
  }

  @Test("no samples, and samples that are no numbers, are refused by name")
  func refused() {
    #expect(throws: BenchmarkingError.noSamples(of: "latency")) {
      try LatencySummary(samplesUS: [], origin: .measured)
    }
    #expect(throws: BenchmarkingError.self) { try SampleStatistics([1, .infinity], of: "x") }
    #expect(throws: BenchmarkingError.self) {
      try LatencySummary(samplesUS: [1, -1], origin: .measured)
    }
  }

  @Test("a latency summary states median, limits and intervals")
  func latency() throws {
    let summary = try LatencySummary(
      samplesUS: [100, 101, 99, 100, 110], origin: .modelled,
      systematic: [SystematicTerm(name: "cycle model", relative: 0.1, meaning: .expanded95)])
    #expect(summary.median == 100)
    #expect(summary.min == 99)
    #expect(summary.max == 110)
    #expect(summary.p95 == 110)
    let interval = try #require(summary.ci95)
    #expect(interval.halfWidth > 10)
    #expect(try LatencySummary(samplesUS: [5], origin: .measured).ci95 == nil)
  }
}

/// A small generator with a seed (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
