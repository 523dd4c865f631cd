// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// Several runs side by side: the picture, and the table of differences.
struct Overview {
  /// One cell of the comparison.
  struct Cell {
    let text: String
    let mark: String?
    let markStyle: String
  }

  /// One figure over all runs.
  struct Line {
    let name: String
    let badges: [String]
    let cells: [Cell]
  }

  /// A column's heading.
  struct Heading {
    let run: String
    let board: String
  }

  let picture: Picture
  let warning: String?
  let tableLabel: String
  let headings: [Heading]
  let lines: [Line]
  let models: [String]

  /// Compares runs with the first; `nil` for a single run.
  init?(_ records: [BenchmarkRecord], _ numbering: inout Numbering) {
    guard let comparison = try? Comparison(records, allowingDifferentGraphs: true) else {
      return nil
    }
    let chart = RunsChart(records)
    picture = Picture(
      label: numbering.figure(), caption: chart.caption, origin: nil, drawingSVG: chart.markup())
    warning =
      comparison.sameGraph
      ? nil : "These runs are not of the same network: differences compare different computations."
    tableLabel = numbering.table()
    headings = comparison.runs.map { Heading(run: $0.run, board: "\($0.board), \($0.kernelSet)") }
    lines = comparison.figures.map(Self.line)
    models = records.compactMap { $0.costModel.map(OriginText.sentence) }.uniqued()
  }

  private static func line(_ figure: ComparedFigure) -> Line {
    let cells = figure.values.indices.map { index in
      let difference = index > 0 ? figure.differences[index - 1] : nil
      return Cell(
        text: ComparisonTable.value(figure, index, .typeset),
        mark: difference.flatMap(mark),
        markStyle: difference?.verdict == .exceedsNoise ? "beyond" : "within")
    }
    return Line(
      name: figure.name, badges: figure.origins.compactMap { $0?.rawValue }.uniqued(), cells: cells)
  }

  private static func mark(_ difference: FigureDifference) -> String? {
    guard let absolute = difference.difference else { return nil }
    let amount = ComparisonTable.amount(absolute, difference.relative, .typeset)
    return switch difference.verdict {
    case .withinNoise where absolute == 0: amount
    case .exceedsNoise: amount
    case .withinNoise: "\(amount), within noise"
    case .unknown: "\(amount), noise unknown"
    }
  }
}
