// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// What can be wrong with figures, records and comparisons.
public enum BenchmarkingError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// A statistic was asked for over no samples at all.
  case noSamples(of: String)
  /// A sample is not a number that the quantity can have.
  case badSample(of: String, index: Int, value: Double, allowed: String)
  /// A record is not the JSON object of `Docs/energy-statistics.md` and `bench --json`.
  case badRecord(detail: String)
  /// A record was written by a later version of Shunt.
  case newerRecord(schemaVersion: Int, supported: Int)
  /// A stored raw series is damaged.
  case badSeries(detail: String)
  /// Runs of different networks were to be compared.
  case differentGraphs(first: String, firstGraph: String, second: String, secondGraph: String)
  /// The instruction counter's output could not be set up.
  case cannotListen(path: String, problem: String)
  /// The board's results differ from the host's, so its figures would be those of something else.
  case wrongResults(board: String, rows: Int, of: Int)
  /// The emulated board did not announce what was asked of it.
  case marksMissing(board: String, expected: Int, found: Int)
  /// A comparison needs at least two runs.
  case tooFewRuns(count: Int)

  /// Names the thing, the limit and the remedy.
  public var description: String {
    switch self {
    case .noSamples(let quantity):
      "there is no sample of \(quantity); take at least one"
    case .badSample(let quantity, let index, let value, let allowed):
      "sample \(index) of \(quantity) is \(value), but must be \(allowed)"
    case .badRecord(let detail):
      "this is not a benchmark record: \(detail)"
    case .newerRecord(let schemaVersion, let supported):
      "the record has schema version \(schemaVersion), this shunt reads up to \(supported); update shunt"
    case .badSeries(let detail):
      "the raw series is damaged: \(detail); the run has to be measured again"
    case .differentGraphs(let first, let firstGraph, let second, let secondGraph):
      "runs \(first) (graph \(firstGraph.prefix(12))) and \(second) (graph \(secondGraph.prefix(12)))"
        + " are not of the same network; ask for different graphs explicitly to compare them anyway"
    case .cannotListen(let path, let problem):
      "\(path): the instruction counter's output cannot be read: \(problem)"
    case .wrongResults(let board, let rows, let total):
      "\(board) computes \(rows) of \(total) rows differently from the host, so there is nothing to bench; "
        + "shunt verify --board \(board) finds the operator"
    case .marksMissing(let board, let expected, let found):
      "\(board) announced \(found) phases instead of \(expected); its agent and this shunt do not belong together"
    case .tooFewRuns(let count):
      "a comparison needs two runs or more, there is \(count)"
    }
  }

  /// The same text, for callers that go through Foundation.
  public var errorDescription: String? { description }
}
