// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// A comparison as a table: a line per figure, the baseline first, then each run and its
/// difference.
enum ComparisonTable {
  /// What the marks behind differences mean.
  static let legend =
    "* exceeds the noise (95 %), ~ within the noise, ? noise unknown; A is the baseline\n"

  /// Which run each letter stands for.
  static func key(_ comparison: Comparison) -> ReportTable {
    var table = ReportTable(columns: [
      .init(""), .init("RUN"), .init("BOARD"), .init("MODEL"), .init("KERNELS"), .init("BLOB"),
    ])
    for (index, run) in comparison.runs.enumerated() {
      table.append([
        letter(index), run.run, run.board, run.model, run.kernelSet,
        String(run.blobSHA256.prefix(8)),
      ])
    }
    return table
  }

  /// The figures, a column per run.
  static func make(_ comparison: Comparison, format: FigureFormat = .text) -> ReportTable {
    var columns = [ReportTable.Column("FIGURE"), .init("ORIGIN")]
    for index in comparison.runs.indices {
      columns.append(.init(letter(index), .right))
      if index > 0 { columns.append(.init("\(letter(index)) − A", .right)) }
    }
    var table = ReportTable(columns: columns)
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

  /// A...Z, then numbers.
  private static func letter(_ index: Int) -> String {
    index < 26 ? String(UnicodeScalar(UInt8(65 + index))) : "#\(index + 1)"
  }

  /// A value of a figure with interval and unit.
  static func value(_ figure: ComparedFigure, _ index: Int, _ format: FigureFormat) -> String {
    guard let value = figure.values[index] else { return FigureFormat.unknown }
    if figure.key == "accuracy" { return format.part(value) }
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
    let amount = Self.amount(absolute, difference.relative, format)
    return switch difference.verdict {
    case .withinNoise where absolute == 0: amount
    case .exceedsNoise: "\(amount) *"
    case .withinNoise: "\(amount) ~"
    case .unknown: "\(amount) ?"
    }
  }

  /// The size of a difference: relative where it can be.
  static func amount(_ absolute: Double, _ relative: Double?, _ format: FigureFormat) -> String {
    if absolute == 0 { return "equal" }
    return relative.map(format.change) ?? format.number(absolute, significant: 4)
  }
}
