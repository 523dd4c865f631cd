// SPDX-License-Identifier: Apache-2.0
public import Benchmarking

/// Tables for pull requests and notes.
public enum MarkdownReport {
  /// The result of `compare`.
  public static func comparison(_ comparison: Comparison) -> String {
    ComparisonTable.key(comparison).markdown() + "\n"
      + ComparisonTable.make(comparison).markdown() + "\n"
      + ComparisonTable.legend
      .replacingOccurrences("*", "\\*").replacingOccurrences("~", "\\~")
  }

  /// The result of `profile`.
  public static func profile(_ profile: OperatorProfile, clockHz: Double?) -> String {
    TextReport.table(profile, clockHz: clockHz).markdown()
  }
}

extension String {
  fileprivate func replacingOccurrences(_ target: Character, _ replacement: String) -> String {
    map { $0 == target ? replacement : String($0) }.joined()
  }
}
