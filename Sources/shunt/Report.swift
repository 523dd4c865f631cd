// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Reporting
internal import ResultStore
internal import TensorFiles

/// `shunt report`
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write runs as one self-contained HTML page with pictures.")

  @Argument(help: "Ids of runs, or their beginnings.") var runs: [String]
  @Option(
    name: .shortAndLong, help: "Where the page goes.", completion: .file(extensions: ["html"]))
  var output: String

  func run() throws {
    let store = try Stores.runs()
    let stored = try runs.map { try store.loadWithSeries(.name($0)) }
    let page = HTMLReport(runs: stored.map { ReportedRun(record: $0.record, series: $0.series) })
    try AtomicFile.write(Array(try page.render().utf8), to: output)
    Console.message("\(output): \(stored.count) run\(stored.count == 1 ? "" : "s")")
  }
}
