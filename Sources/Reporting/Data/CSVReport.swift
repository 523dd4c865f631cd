// SPDX-License-Identifier: Apache-2.0
public import Benchmarking
internal import Foundation

/// Comma-separated values (RFC 4180): a header, then lines ended by CR LF; unknown figures are
/// empty.
public enum CSVReport {
  /// A line per run.
  public static func runs(_ records: [BenchmarkRecord]) -> String {
    let columns = runColumns
    return line(columns.map(\.0))
      + records.map { record in line(columns.map { $0.1(record) }) }.joined()
  }

  /// A line per executed step.
  public static func profile(_ profile: OperatorProfile) -> String {
    let header = [
      "index", "kind", "name", "source_operators", "kernel", "output_shape", "macs", "instructions",
      "cycles", "arena_bytes",
    ]
    return line(header)
      + profile.operators.map { step in
        line([
          "\(step.index)", step.kind, step.name,
          step.sourceOperators.map(String.init).joined(separator: " "), step.kernel,
          step.outputShape.map(String.init).joined(separator: "x"), "\(step.macs)",
          number(step.instructions), number(step.cycles), "\(step.arenaBytes)",
        ])
      }.joined()
  }

  /// A line per figure and run.
  public static func comparison(_ comparison: Comparison) -> String {
    var text = line([
      "figure", "unit", "run", "board", "value", "ci95_low", "ci95_high", "difference", "relative",
      "noise95", "verdict",
    ])
    for figure in comparison.figures {
      for (index, run) in comparison.runs.enumerated() {
        let difference = index > 0 ? figure.differences[index - 1] : nil
        text += line([
          figure.key, figure.unit, run.run, run.board, number(figure.values[index]),
          number(figure.intervals[index]?.low), number(figure.intervals[index]?.high),
          number(difference?.difference), number(difference?.relative),
          number(difference?.noise95), difference?.verdict.rawValue ?? "",
        ])
      }
    }
    return text
  }

  private static let runColumns: [(String, @Sendable (BenchmarkRecord) -> String)] = [
    ("run", { $0.run }), ("time", { $0.time.formatted(.iso8601) }),
    ("board", { $0.conditions.board }), ("board_status", { $0.conditions.status }),
    ("models", { $0.conditions.models ?? "" }), ("core", { $0.conditions.core }),
    ("executed_on", { $0.conditions.executedOn }), ("kernel_set", { $0.conditions.kernelSet }),
    ("clock_hz", { number($0.conditions.clockHz) }),
    ("supply_mv", { number($0.conditions.supplyMV) }),
    ("model_name", { $0.provenance.modelName }),
    ("graph_sha256", { $0.provenance.graphSHA256 }),
    ("blob_sha256", { $0.provenance.blobSHA256 }), ("compiler", { $0.provenance.compiler }),
    ("latency_us_median", { number($0.latency.median) }),
    ("latency_us_min", { number($0.latency.min) }),
    ("latency_us_max", { number($0.latency.max) }),
    ("latency_us_p95", { number($0.latency.p95) }),
    ("latency_origin", { $0.latency.origin.rawValue }),
    ("instructions_per_inference", { number($0.instructions?.perInference) }),
    ("cycles_per_inference", { number($0.cycles?.perInference) }),
    ("arena_bytes", { "\($0.memory.arena)" }), ("stack_bytes", { integer($0.memory.stack) }),
    ("data_bss_bytes", { integer($0.memory.dataBSS) }),
    ("runtime_flash_bytes", { integer($0.memory.runtimeFlash) }),
    ("blob_bytes", { "\($0.memory.blob)" }),
    ("energy_uj_gross_median", { number($0.energy?.gross.median) }),
    ("energy_uj_gross_ci95_low", { number($0.energy?.gross.ci95?.low) }),
    ("energy_uj_gross_ci95_high", { number($0.energy?.gross.ci95?.high) }),
    ("energy_uj_net_median", { number($0.energy?.net?.median) }),
    ("energy_uj_net_ci95_low", { number($0.energy?.net?.ci95?.low) }),
    ("energy_uj_net_ci95_high", { number($0.energy?.net?.ci95?.high) }),
    ("energy_origin", { $0.energy?.origin.rawValue ?? "" }),
    ("meter", { $0.energy?.meter ?? "" }), ("cost_model", { $0.costModel?.name ?? "" }),
    ("accuracy", { number($0.accuracy?.fraction) }), ("inferences", { "\($0.inferences)" }),
    ("windows", { "\($0.windowCount)" }),
  ]

  private static func number(_ value: Double?) -> String {
    value.map { $0 == $0.rounded() && abs($0) < 1e15 ? String(format: "%.0f", $0) : "\($0)" } ?? ""
  }

  private static func integer(_ value: Int?) -> String { value.map(String.init) ?? "" }

  private static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return field
    }
    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
