// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import Reporting
internal import ResultStore

/// `shunt compare`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show runs side by side, and which differences exceed the noise.",
    discussion: """
      Runs are named by their id or its beginning, or selected as the latest run of a board or blob. \
      Runs of different networks are refused unless --different-graphs is said.
      """)

  @Argument(help: "Ids of runs.") var runs: [String] = []
  @Option(help: "The latest run on this board; may be repeated.", completion: .boards)
  var board: [String] = []
  @Option(help: "The latest run of the blob whose SHA-256 begins so; may be repeated.")
  var blob: [String] = []
  @Flag(name: .customLong("different-graphs"), help: "Compare runs of different networks.")
  var differentGraphs = false
  @OptionGroup var format: OutputOptions

  func run() throws {
    let store = try Stores.runs()
    let selectors =
      runs.map { RunSelector.name($0) } + board.map { .latest(board: $0, blob: nil) }
      + blob.map { .latest(board: nil, blob: $0) }
    let comparison = try Comparison(
      try selectors.map { try store.load($0) }, allowingDifferentGraphs: differentGraphs)
    if format.json { return print(try JSONReport.comparison(comparison)) }
    print(TextReport.comparison(comparison, style: Console.style), terminator: "")
  }
}
