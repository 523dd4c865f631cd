// SPDX-License-Identifier: Apache-2.0
public import Benchmarking
internal import Foundation
internal import TextTables

/// Reports for a terminal.
public enum TextReport {
  /// The result of `bench`: a table with a line per run, then what a reader has to know.
  public static func bench(_ records: [BenchmarkRecord], style: TextStyle = .plain) -> String {
    var table = ReportTable(columns: [
      .init("RUN"), .init("BOARD"), .init("MODEL"), .init("KERNELS"), .init("LATENCY", .right),
      .init("INSTRUCTIONS", .right), .init("ENERGY, GROSS", .right), .init("NET", .right),
      .init("ARENA", .right), .init("FLASH", .right), .init("ACCURACY", .right),
    ])
    for record in records {
      let text = RecordText(record: record, format: .text)
      table.append([
        record.run, record.conditions.board, record.provenance.modelName,
        record.conditions.kernelSet, text.latency, text.instructions, text.grossEnergy,
        text.netEnergy, FigureFormat.text.bytes(record.memory.arena), text.flash,
        record.accuracy.map { FigureFormat.text.part($0.fraction) } ?? FigureFormat.unknown,
      ])
    }
    return table.text(style: style) + style.faint(notes(records))
  }

  /// The result of `profile`: a line per executed step.
  ///
  /// - Parameters:
  ///   - profile: The steps.
  ///   - clockHz: Turns cycles into times; `nil` if unknown.
  public static func profile(
    _ profile: OperatorProfile, clockHz: Double?, style: TextStyle = .plain
  ) -> String {
    table(profile, clockHz: clockHz).text(style: style)
      + style.faint(total(profile))
  }

  /// The result of `compare`: figures down, runs across.
  public static func comparison(_ comparison: Comparison, style: TextStyle = .plain) -> String {
    ComparisonTable.key(comparison).text(style: style) + "\n"
      + ComparisonTable.make(comparison).text(style: style) + style.faint(ComparisonTable.legend)
  }

  /// The result of `runs`: a line per run.
  public static func runs(_ runs: [RunSummary], style: TextStyle = .plain) -> String {
    var table = ReportTable(columns: [
      .init("RUN"), .init("TIME (UTC)"), .init("BOARD"), .init("MODEL"), .init("KERNELS"),
      .init("BLOB"), .init("LATENCY", .right), .init("ENERGY, GROSS", .right), .init("ORIGIN"),
    ])
    for run in runs {
      let unit = RecordText.latencyUnit(run.latencyUS)
      let latency = FigureFormat.text.number(run.latencyUS * unit.perMicrosecond, significant: 5)
      let origins = [run.latencyOrigin, run.energyOrigin].compactMap { $0?.rawValue }
      table.append([
        run.run, time(run.time), run.board, run.model, run.kernelSet,
        String(run.blobSHA256.prefix(8)), "\(latency) \(unit.name)",
        run.energyUJ.map { "\(FigureFormat.text.number($0, significant: 5)) µJ" }
          ?? FigureFormat.unknown,
        Set(origins).sorted().joined(separator: ", "),
      ])
    }
    return table.text(style: style)
  }

  static func table(_ profile: OperatorProfile, clockHz: Double?) -> ReportTable {
    let format = FigureFormat.text
    let shares = OperatorShares(profile)
    var table = ReportTable(columns: [
      .init("STEP", .right), .init("OPERATOR"), .init("NAME"), .init("KERNEL"), .init("OUTPUT"),
      .init("MACS", .right), .init("INSTRUCTIONS", .right), .init("/MAC", .right),
      .init("CYCLES", .right),
      .init("TIME", .right), .init("SHARE", .right), .init("ARENA", .right),
    ])
    for step in profile.operators {
      let seconds = step.cycles.flatMap { cycles in
        clockHz.flatMap { $0 > 0 ? cycles / $0 : nil }
      }
      table.append([
        String(step.index), step.kind, step.name, step.kernel,
        step.outputShape.map(String.init).joined(separator: "×"), format.integer(step.macs),
        step.instructions.map { format.fixed($0, decimals: 0) } ?? FigureFormat.unknown,
        step.instructions.flatMap { instructions in
          step.macs > 0 ? format.fixed(instructions / Double(step.macs), decimals: 2) : nil
        } ?? FigureFormat.unknown,
        step.cycles.map { format.fixed($0, decimals: 0) } ?? FigureFormat.unknown,
        seconds.map { "\(format.fixed($0 * 1e6, decimals: 1)) µs" } ?? FigureFormat.unknown,
        format.part(shares.share(of: step)), format.bytes(step.arenaBytes),
      ])
    }
    return table
  }

  static func time(_ time: Date) -> String {
    let text = time.formatted(.iso8601)
    return text.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: "")
  }

  private static func total(_ profile: OperatorProfile) -> String {
    let cycles = "cycles are \(profile.cyclesOrigin.rawValue)\n"
    guard let total = profile.totalInstructions else { return cycles }
    return "\(FigureFormat.text.fixed(total, decimals: 0)) instructions in all, counted; \(cycles)"
  }

  private static func notes(_ records: [BenchmarkRecord]) -> String {
    var lines: [String] = []
    for record in records {
      lines.append("\(record.run): \(OriginText.sentence(record))")
      lines += record.problems.map { "\(record.run): note: \($0)" }
    }
    lines.append("± is half the 95 % interval; figures without it are exact or of unknown scatter")
    return lines.map { DisplayWidth.printable($0) + "\n" }.joined()
  }
}
