// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// A comparison as a table: a line per figure, the baseline first, then each run and its difference.
enum ComparisonTable {
  /// What the marks behind differences mean.
  static let legend =
    "* exceeds the noise (95 %), ~ within the noise, ? noise unknown; the first run is the baseline\n"

  static func make(_ comparison: Comparison, format: FigureFormat = .text) -> TextTable {
    var columns = [TextTable.Column("FIGURE"), .init("ORIGIN")]
    for (index, run) in comparison.runs.enumerated() {
      columns.append(.init("\(run.run) (\(run.board), \(run.kernelSet))", .right))
      if index > 0 { columns.append(.init("DIFFERENCE", .right)) }
    }
    var table = TextTable(columns: columns)
    for figure in comparison.figures { table.append(row(figure, format)) }
    return table
  }

  private static func row(_ figure: ComparedFigure, _ format: FigureFormat) -> [String] {
    let origins = Set(figure.origins.compactMap { $0?.rawValue }).sorted()
    var cells = [figure.name, origins.joined(separator: ", ")]
    for index in figure.values.indices {
      cells.append(value(figure, index, format))
      if index > 0 { cells.append(difference(figure.differences[index - 1], format)) }
    }
    return cells
  }

  /// A value of a figure with interval and unit.
  static func value(_ figure: ComparedFigure, _ index: Int, _ format: FigureFormat) -> String {
    guard let value = figure.values[index] else { return FigureFormat.unknown }
    if figure.key == "accuracy" { return format.percent(value) }
    let scale = figure.unit == "µs" ? RecordText.latencyUnit(value) : (figure.unit, 1)
    let text =
      figure.intervals[index].map {
        format.uncertain(value * scale.1, halfWidth: $0.halfWidth * scale.1)
      } ?? format.number(value * scale.1, significant: 6)
    return scale.0.isEmpty ? text : "\(text) \(scale.0)"
  }

  /// A difference with its verdict.
  static func difference(_ difference: FigureDifference, _ format: FigureFormat) -> String {
    guard let absolute = difference.difference else { return FigureFormat.unknown }
    let amount =
      difference.relative.map { format.percent($0, signed: true) }
      ?? format.number(absolute, significant: 4)
    return switch difference.verdict {
    case .exceedsNoise: "\(amount) *"
    case .withinNoise: "\(amount) ~"
    case .unknown: "\(amount) ?"
    }
  }
}
