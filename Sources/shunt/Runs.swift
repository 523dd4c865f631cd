// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Reporting
internal import ResultStore

/// `shunt runs`
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the runs that are kept.")

  @Option(help: "Only runs on this board.", completion: .boards) var board: String?
  @Option(help: "Only runs of the network of this name.") var model: String?
  @Option(help: "At most so many, the latest.") var limit: Int?
  @OptionGroup var format: OutputOptions

  func run() throws {
    let runs = try Stores.runs().list(RunFilter(board: board, model: model, limit: limit))
    if format.json { return print(try JSONReport.runs(runs)) }
    guard !runs.isEmpty else {
      return Console.message("no run is kept yet: shunt bench makes them")
    }
    print(TextReport.runs(runs, style: Console.style), terminator: "")
  }
}
