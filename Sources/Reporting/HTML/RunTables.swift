// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// The tables of a run: its windows, and what the uncertainty of its energy is made of.
enum RunTables {
  /// More windows than this are left out of the page (the record has them all).
  private static let limit = 60

  static func make(
    _ record: BenchmarkRecord, _ numbering: inout Numbering
  ) -> [RunSection.Table] {
    var tables: [RunSection.Table] = []
    if !record.windows.isEmpty { tables.append(windows(record, &numbering)) }
    if let energy = record.energy, !energy.gross.budget.isEmpty {
      tables.append(budget(energy, &numbering))
    }
    return tables
  }

  private static func windows(
    _ record: BenchmarkRecord, _ numbering: inout Numbering
  ) -> RunSection.Table {
    let format = FigureFormat.typeset
    let rows = record.windows.prefix(limit).enumerated().map { index, window in
      [
        String(index + 1), String(window.powerCycle + 1), format.integer(window.inferences),
        format.digits(window.durationS, significant: 5),
        format.digits(window.grossUJ, significant: 6),
        window.netUJ.map { format.digits($0, significant: 6) } ?? FigureFormat.unknown,
        format.digits(window.meanPowerMW, significant: 5),
        window.baselinePowerMW.map { format.digits($0, significant: 5) } ?? FigureFormat.unknown,
      ]
    }
    let hidden = record.windows.count - limit
    return RunSection.Table(
      label: numbering.table(),
      caption: "Windows of inferences; duration is the time inside inferences."
        + (hidden > 0 ? " \(hidden) more are not shown." : ""),
      badge: record.energy?.origin.rawValue,
      columns: [
        .right("Window"), .right("Power cycle"), .right("Inferences"), .right("Duration in s"),
        .right("Gross in µJ"), .right("Net in µJ"), .right("Mean power in mW"),
        .right("Idle power in mW"),
      ], rows: rows)
  }

  private static func budget(
    _ energy: EnergyFigures, _ numbering: inout Numbering
  ) -> RunSection.Table {
    let format = FigureFormat.typeset
    let budget = UncertaintyBudget(energy.gross.budget)
    let variance = budget.combinedStandardUncertainty * budget.combinedStandardUncertainty
    var rows = energy.gross.budget.map { component in
      let part = component.standardUncertainty * component.standardUncertainty
      return [
        component.name, component.evaluation.rawValue,
        format.number(component.standardUncertainty, significant: 3),
        component.degreesOfFreedom.map { format.number($0, significant: 3) } ?? "∞",
        format.part(variance > 0 ? part / variance : 0),
        component.source ?? "",
      ]
    }
    let degrees = budget.effectiveDegreesOfFreedom
    rows.append([
      "combined", "", format.number(budget.combinedStandardUncertainty, significant: 3),
      degrees < 1e5 ? format.number(degrees, significant: 3) : "∞",
      "k = \(format.number(budget.coverageFactor(), significant: 4))", "",
    ])
    return RunSection.Table(
      label: numbering.table(),
      caption:
        "Uncertainty budget of gross energy per inference (GUM): standard uncertainties in µJ;"
        + " type A from scatter, B from knowledge.",
      badge: energy.origin.rawValue,
      columns: [
        .left("Component"), .left("Type"), .right("Uncertainty in µJ"),
        .right("Degrees of freedom"), .right("Share of variance"), .left("Source"),
      ], rows: rows)
  }
}
