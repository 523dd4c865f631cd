// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import Mustache
internal import TextTables

/// One self-contained HTML page over one run or several: no scripts, no fonts, nothing to fetch.
///
/// It is well-formed XML too. Everything that comes from records is escaped.
public struct HTMLReport: Sendable {
  private let runs: [ReportedRun]

  /// Prepares a report.
  ///
  /// - Parameter runs: In the order in which they are to be shown; the first is the baseline of the
  ///   comparison.
  public init(runs: [ReportedRun]) {
    self.runs = runs
  }

  /// The page.
  ///
  /// The same runs always give the same page: it does not say when it was made.
  ///
  /// - Throws: ``ReportingError/noRuns``; ``ReportingError/template(detail:)`` for a fault of this
  ///   program.
  public func render() throws(ReportingError) -> String {
    guard !runs.isEmpty else { throw .noRuns }
    let template: MustacheTemplate
    do {
      template = try MustacheTemplate(string: Self.template)
    } catch {
      throw .template(detail: "\(error)")
    }
    // The template escapes markup; controls, which no XML may hold, and what reorders text go here.
    return DisplayWidth.printable(template.render(ReportPage(runs)), keepingNewlines: true)
  }
}
