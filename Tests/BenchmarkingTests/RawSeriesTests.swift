// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import RecordFixtures
import Testing

@Suite struct RawSeriesTests {
  @Test("a series survives its encoding")
  func roundTrip() throws {
    let series = try ExampleRun.make().series
    #expect(series.edges.count > 50)
    #expect(try RawSeries(decoding: series.encoded()) == series)
    #expect(series.reference.samples == series.count)
  }

  @Test("arrays that disagree are refused")
  func lengths() {
    #expect(throws: BenchmarkingError.self) {
      try RawSeries(timeBaseHz: 1, currentA: [1, 2], powerW: [1])
    }
    #expect(throws: BenchmarkingError.self) {
      try RawSeries(timeBaseHz: 1, currentA: [1, 2, 3], voltageV: [1, 2])
    }
    #expect(throws: BenchmarkingError.self) { try RawSeries(timeBaseHz: 0, currentA: [1]) }
    #expect(throws: BenchmarkingError.self) { try RawSeries(timeBaseHz: .nan, currentA: []) }
  }

  @Test("every truncation is an error, never a crash")
  func truncated() throws {
    let bytes = try small().encoded()
    for count in 0..<bytes.count {
      #expect(throws: BenchmarkingError.self) {
        try RawSeries(decoding: Array(bytes.prefix(count)))
      }
    }
    #expect(throws: BenchmarkingError.self) { try RawSeries(decoding: bytes + [0]) }
  }

  @Test("any flipped bit gives an error or another series, never a crash")
  func flipped() throws {
    let series = try small()
    let bytes = series.encoded()
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        if let other = try? RawSeries(decoding: damaged) { #expect(other != series) }
      }
    }
  }

  private func small() throws -> RawSeries {
    try RawSeries(
      timeBaseHz: 1000, currentA: [1, 2, 3], voltageV: [3],
      edges: [RawSeries.Edge(timeS: 0.001, phase: .inference)])
  }
}
