// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// What can keep a report from being made.
public enum ReportingError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// A report was asked for over no runs at all.
  case noRuns
  /// A figure of a run cannot be written.
  case badFigure(detail: String)
  /// The template inside this program is faulty.
  case template(detail: String)

  /// Names the thing and the remedy.
  public var description: String {
    switch self {
    case .noRuns: "a report needs at least one run; `shunt runs` lists them"
    case .badFigure(let detail): "a figure cannot be written: \(detail)"
    case .template(let detail): "the report's template is faulty: \(detail); please report this"
    }
  }

  /// The same text, for callers that go through Foundation.
  public var errorDescription: String? { description }
}
