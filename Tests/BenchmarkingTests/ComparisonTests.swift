// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import RecordFixtures
import Testing

@Suite struct ComparisonTests {
  private func figure(_ key: String, _ comparison: Comparison) throws -> ComparedFigure {
    try #require(comparison.figures.first { $0.key == key })
  }

  @Test("a run compared with itself differs in nothing")
  func itself() throws {
    let record = try ExampleRun.make().record
    let comparison = try Comparison([record, record])
    #expect(comparison.figures.count == 10)
    for figure in comparison.figures {
      #expect(figure.differences.map(\.difference) == [0], "\(figure.key)")
      #expect(figure.differences.map(\.verdict) == [.withinNoise], "\(figure.key)")
    }
  }

  @Test("the shared error of one model cancels, so that 2 % less energy is seen behind ± 25 %")
  func sharedErrorCancels() throws {
    let first = try ExampleRun.make().record
    let second = try ExampleRun.make {
      $0.run = "261122-other"
      $0.seed = 43
      $0.activeW *= 0.98
    }.record
    let comparison = try Comparison([first, second])
    let energy = try figure("energy_uj.gross", comparison)
    let relative = try #require(energy.differences[0].relative)
    #expect(abs(relative + 0.02) < 0.003)
    #expect(energy.differences[0].verdict == .exceedsNoise)
    let intervals = energy.intervals.compactMap { $0 }
    #expect(intervals[0].contains(try #require(energy.values[1])))
  }

  @Test("errors of different models do not cancel")
  func differentModels() throws {
    let first = try ExampleRun.make().record
    let second = try ExampleRun.make {
      $0.run = "261122-other"
      $0.models = "stm32h743"
      $0.activeW *= 0.98
    }.record
    let energy = try figure("energy_uj.gross", try Comparison([first, second]))
    #expect(energy.differences[0].verdict == .withinNoise)
    let noise = try #require(energy.differences[0].noise95)
    #expect(noise / (try #require(energy.values[0])) > 0.3)
  }

  @Test("exact figures differ as soon as they differ at all")
  func exact() throws {
    let first = try ExampleRun.make().record
    let second = try ExampleRun.make {
      $0.run = "261122-other"
      $0.cycles += 12_000
    }.record
    let comparison = try Comparison([first, second])
    #expect(try figure("instructions", comparison).differences[0].verdict == .exceedsNoise)
    #expect(try figure("memory_bytes.arena", comparison).differences[0].verdict == .withinNoise)
  }

  @Test("a figure that one run lacks is unknown, one that all lack is left out")
  func missing() throws {
    let first = try ExampleRun.make().record
    let second = try ExampleRun.make {
      $0.run = "261122-other"
      $0.hasMeter = false
    }.record
    let energy = try figure("energy_uj.gross", try Comparison([first, second]))
    #expect(energy.differences[0].verdict == .unknown)
    #expect(energy.values[1] == nil)
    let neither = try Comparison([second, second])
    #expect(!neither.figures.contains { $0.key.hasPrefix("energy") })
  }

  @Test("different networks are refused unless asked for")
  func differentGraphs() throws {
    let first = try ExampleRun.make().record
    let second = try ExampleRun.make {
      $0.run = "261122-other"
      $0.graph = "beef"
    }.record
    #expect(throws: BenchmarkingError.self) { try Comparison([first, second]) }
    #expect(try Comparison([first, second], allowingDifferentGraphs: true).sameGraph == false)
    #expect(throws: BenchmarkingError.tooFewRuns(count: 1)) { try Comparison([first]) }
  }

  @Test("a comparison survives its JSON, unknowns as null")
  func json() throws {
    let first = try ExampleRun.make().record
    let second = try ExampleRun.make {
      $0.run = "261122-other"
      $0.hasMeter = false
    }.record
    let comparison = try Comparison([first, second])
    let data = try comparison.jsonData()
    #expect(try JSONDecoder().decode(Comparison.self, from: data) == comparison)
    #expect(String(decoding: data, as: UTF8.self).contains("\"noise95\":null"))
  }
}
