// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import RecordFixtures
import Reporting
import Testing

@Suite struct TextReportTests {
  private func pair() throws -> [BenchmarkRecord] {
    [
      try ExampleRun.make().record,
      try ExampleRun.make {
        $0.run = "261122-cc7n5yq4"
        $0.board = "qemu-m7"
        $0.models = "stm32h743"
        $0.cycles *= 0.59
        $0.activeW *= 2.4
      }.record,
    ]
  }

  @Test("bench prints a table, then origins and notes")
  func bench() throws {
    expectSnapshot(TextReport.bench(try pair()), "bench.txt")
  }

  @Test("compare prints each figure with its difference and verdict")
  func comparison() throws {
    expectSnapshot(TextReport.comparison(try Comparison(pair())), "compare.txt")
    expectSnapshot(MarkdownReport.comparison(try Comparison(pair())), "compare.md")
  }

  @Test("profile prints each step")
  func profile() throws {
    let profile = try #require(try ExampleRun.make().record.profile)
    expectSnapshot(TextReport.profile(profile, clockHz: 120e6), "profile.txt")
  }

  @Test("runs prints a line a run")
  func runs() throws {
    let record = try ExampleRun.make().record
    let summary = RunSummary(
      run: record.run, time: record.time, board: "qemu-m4", model: "kws", kernelSet: "portable",
      graphSHA256: "9a3f", blobSHA256: "51c04567ff", latencyUS: 43_200, latencyOrigin: .modelled,
      energyUJ: nil, energyOrigin: nil, seriesBytes: nil)
    expectSnapshot(TextReport.runs([summary]), "runs.txt")
  }

  @Test("JSON documents are objects with the promised keys")
  func json() throws {
    let records = try pair()
    let bench = try JSONSerialization.jsonObject(with: Data(JSONReport.bench(records).utf8))
    #expect(((bench as? [String: Any])?["runs"] as? [Any])?.count == 2)
    let profile = try #require(records[0].profile)
    let document =
      try JSONSerialization.jsonObject(with: Data(JSONReport.profile(profile).utf8))
      as? [String: Any]
    let step = try #require((document?["operators"] as? [[String: Any]])?.first)
    for key in [
      "index", "kind", "name", "source_operators", "kernel", "output_shape", "macs", "instructions",
      "cycles", "arena_bytes",
    ] { #expect(step[key] != nil, "\(key)") }
    #expect(document?["total_instructions"] is Double)
  }

  @Test("CSV has as many fields in every line, and quotes what needs it")
  func csv() throws {
    let record = try ExampleRun.make { $0.modelName = "a,\"b\"\nc" }.record
    let lines = CSVReport.runs([record]).components(separatedBy: "\r\n")
    #expect(lines.count == 3)
    #expect(lines[1].contains("\"a,\"\"b\"\"\nc\""))
    let plain = CSVReport.runs(try pair()).components(separatedBy: "\r\n")
    #expect(
      Set(plain.dropLast().map { $0.split(separator: ",", omittingEmptySubsequences: false).count })
        .count == 1)
    let profile = try #require(record.profile)
    #expect(CSVReport.profile(profile).components(separatedBy: "\r\n").count == 13)
    let comparison = CSVReport.comparison(try Comparison(pair()))
    #expect(comparison.components(separatedBy: "\r\n").count == 2 + 2 * 10)
  }

  /// Compares with a file in Snapshots; SHUNT_UPDATE_SNAPSHOTS=1 writes it instead.
  private func expectSnapshot(_ text: String, _ name: String) {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Snapshots/\(name)")
    if ProcessInfo.processInfo.environment["SHUNT_UPDATE_SNAPSHOTS"] == "1" {
      #expect(throws: Never.self) { try Data(text.utf8).write(to: file) }
    }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(text == expected, "\(name); SHUNT_UPDATE_SNAPSHOTS=1 accepts the new text")
  }
}
