// SPDX-License-Identifier: Apache-2.0
public import Benchmarking
internal import Foundation

/// The JSON documents of the command line, UTF-8, keys sorted, one newline at the end.
public enum JSONReport {
  /// `bench --json`: `{"runs": [...]}`.
  public static func bench(_ records: [BenchmarkRecord]) throws(ReportingError) -> String {
    try document(Runs(runs: records))
  }

  /// `profile --json`.
  public static func profile(_ profile: OperatorProfile) throws(ReportingError) -> String {
    try document(profile)
  }

  /// `compare --json`.
  public static func comparison(_ comparison: Comparison) throws(ReportingError) -> String {
    try document(comparison)
  }

  /// `runs --json`: `{"runs": [...]}`.
  public static func runs(_ runs: [RunSummary]) throws(ReportingError) -> String {
    try document(Runs(runs: runs))
  }

  private struct Runs<Element: Encodable>: Encodable {
    let runs: [Element]
  }

  private static func document(_ value: some Encodable) throws(ReportingError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
      throw .badFigure(detail: "\(error)")
    }
  }
}
