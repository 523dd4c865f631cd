// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// What the template reads: the whole page. Names of properties are the template's tags.
///
/// Texts are raw here and escaped by the template; `…SVG` and `style` are markup.
struct ReportPage {
  /// A line of a definition list or a table of two columns.
  struct Fact {
    let name: String
    let value: String
  }

  let title: String
  let lead: String
  let style: String
  let runs: [RunSection]
  let overview: Overview?

  init(_ reported: [ReportedRun]) {
    var numbering = Numbering()
    let records = reported.map(\.record)
    let models = records.map(\.provenance.modelName).uniqued()
    let boards = records.map(\.conditions.board).uniqued()
    title = "\(Self.list(models)) on \(Self.list(boards))"
    lead = Self.lead(records)
    style = HTMLReport.style
    overview = Overview(records, &numbering)
    runs = reported.enumerated().map { index, run in
      RunSection(run, index: index, isOnly: reported.count == 1, &numbering)
    }
  }

  private static func list(_ names: [String]) -> String {
    names.count > 3 ? "\(names.count) candidates" : names.joined(separator: ", ")
  }

  private static func lead(_ records: [BenchmarkRecord]) -> String {
    let count = records.count
    let dates = records.map { TextReport.time($0.time).prefix(10) }.sorted()
    let range =
      dates.first == dates.last
      ? "\(dates.first ?? "")"
      : "\(dates.first ?? "") to \(dates.last ?? "")"
    let versions = records.map(\.provenance.toolVersion).uniqued().joined(separator: ", ")
    return "\(count) benchmark \(count == 1 ? "run" : "runs"), \(range) UTC, shunt \(versions)"
  }
}

extension Array where Element: Hashable {
  /// Each element once, in order of first appearance.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
