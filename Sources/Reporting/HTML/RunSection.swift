// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// One run's part of the page.
struct RunSection {
  /// A headline figure.
  struct Card {
    let name: String
    let value: String
    let unit: String
    let badge: String
    let notes: [String]
  }

  /// A table with a caption.
  struct Table {
    let label: String
    let caption: String
    let badge: String?
    let headings: [Cell]
    let rows: [[Cell]]

    /// Makes a table; the cells of a column stand as its heading does.
    init(
      label: String, caption: String, badge: String?, columns: [Cell], rows: [[String]]
    ) {
      self.label = label
      self.caption = caption
      self.badge = badge
      headings = columns
      self.rows = rows.map { row in
        zip(row, columns).map { Cell(text: $0, style: $1.style) }
      }
    }
  }

  /// A cell of a table.
  struct Cell {
    let text: String
    /// A class of the style sheet.
    let style: String

    static func left(_ text: String) -> Cell { Cell(text: text, style: "word") }
    static func right(_ text: String) -> Cell { Cell(text: text, style: "number") }
  }

  let anchor: String
  let heading: String
  let subtitle: String
  let cards: [Card]
  let problems: [String]
  let pictures: [Picture]
  let tables: [Table]
  let provenance: [ReportPage.Fact]
  let provenanceLabel: String

  init(_ reported: ReportedRun, index: Int, isOnly: Bool, _ numbering: inout Numbering) {
    let record = reported.record
    anchor = "run\(index + 1)"
    heading =
      isOnly
      ? "Results" : "Run \(index + 1): \(record.provenance.modelName) on \(record.conditions.board)"
    subtitle = Self.subtitle(record)
    cards = RunCards(record).cards
    problems = record.problems
    pictures = Self.pictures(reported, &numbering)
    tables = RunTables.make(record, &numbering)
    provenanceLabel = numbering.table()
    provenance = RunProvenance.facts(record)
  }

  private static func subtitle(_ record: BenchmarkRecord) -> String {
    let conditions = record.conditions
    var text = "\(conditions.board), \(conditions.status)"
    if let models = conditions.models { text += ", standing for \(models)" }
    text += ": \(conditions.core)"
    if conditions.executedOn != conditions.core {
      text += " (executed on \(conditions.executedOn))"
    }
    if let clock = conditions.clockHz {
      text += " at \(FigureFormat.typeset.number(clock / 1e6, significant: 5)) MHz"
    }
    if let supply = conditions.supplyMV {
      text += ", \(FigureFormat.typeset.number(supply / 1000, significant: 4)) V"
    }
    return text + ", \(conditions.kernelSet) kernels"
  }

  private static func pictures(
    _ reported: ReportedRun, _ numbering: inout Numbering
  ) -> [Picture] {
    let record = reported.record
    var pictures: [Picture] = []
    if let chart = reported.series.flatMap(TraceChart.init) {
      pictures.append(
        Picture(
          label: numbering.figure(), caption: chart.caption,
          origin: record.energy?.origin ?? (record.costModel == nil ? .measured : .modelled),
          model: record.costModel, drawingSVG: chart.markup()))
    }
    let operators = record.profile.flatMap {
      OperatorChart($0, clockHz: record.conditions.clockHz)
    }
    if let operators {
      pictures.append(
        Picture(
          label: numbering.figure(), caption: operators.caption, origin: operators.origin,
          model: record.costModel, drawingSVG: operators.markup()))
    }
    if let chart = ArenaChart(record.arenaMap, arenaBytes: record.memory.arena) {
      pictures.append(
        Picture(
          label: numbering.figure(), caption: chart.caption, origin: record.memory.origin,
          drawingSVG: chart.markup()))
    }
    return pictures
  }
}
