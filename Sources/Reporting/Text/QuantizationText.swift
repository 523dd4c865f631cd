// SPDX-License-Identifier: Apache-2.0
public import Benchmarking
internal import Foundation
internal import GraphExecution
internal import Quantization
internal import TextTables

extension TextReport {
  /// One line: what the quantization of a float model chose and cost.
  public static func quantizationSummary(_ record: QuantizationRecord) -> String {
    QuantizationText(record).summary
  }

  /// How a float model was quantized: what was imported and changed, the calibrations that were tried,
  /// a line per layer, the layers that cost most with advice, and warnings. At most 100 columns, if names
  /// are not longer than they are shown.
  ///
  /// - Returns: Lines, each ended by a newline.
  public static func quantization(
    _ record: QuantizationRecord, style: TextStyle = .plain
  ) -> String {
    QuantizationText(record).text(style: style)
  }
}

/// The parts of the explanation of a quantization.
private struct QuantizationText {
  private let record: QuantizationRecord
  private var report: QuantizationReport { record.report }
  private static let width = 100

  init(_ record: QuantizationRecord) { self.record = record }

  var summary: String {
    let error =
      report.outputSQNR.map { "output error \(plain($0)) dB below the signal" } ?? "no output error"
    return "quantized with \(record.data.rows) rows: calibration \(method(report.calibration)), "
      + "\(error) (--explain says more)"
  }

  func text(style: TextStyle) -> String {
    let parts: [(String, [String])] = [
      ("Imported", imported), ("Changed before quantization", passes),
      ("Calibration", calibration), ("Budget", budget),
      ("Layers", layers + style.faintLines(legend)),
      ("What costs most", costliest), ("Warnings", warnings),
    ]
    return parts.filter { !$0.1.isEmpty }.map { title, lines in
      style.heading(title) + "\n" + lines.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
    }.joined(separator: "\n")
  }

  // MARK: Parts

  private var imported: [String] {
    let source = record.source
    let left =
      source.operatorsAfterPasses == source.operators
      ? "" : ", of which \(source.operatorsAfterPasses) are left"
    return [
      "\(source.file): float, \(source.operators) operators\(left), \(source.macs.grouped) "
        + "multiply-accumulates",
      "weights and biases: \(source.weightsBytes.grouped) bytes as float32, "
        + "\(record.weightsBytes.grouped) quantized (weights \(record.weights), activations "
        + "\(record.activations))",
    ]
  }

  private var passes: [String] {
    var table = TextTable([("pass", .left), ("changes", .right), ("what it does", .left)])
    for pass in record.passes {
      table.add(pass.name, String(pass.rewrites), pass.summary)
    }
    return record.passes.isEmpty
      ? ["nothing: the model has nothing to fold or fuse"] : table.lines.flatMap(wrapped)
  }

  private var calibration: [String] {
    let data = record.data
    let rows =
      data.rows == data.availableRows
      ? "\(data.rows) rows" : "\(data.rows) of \(data.availableRows) rows"
    let split = data.split.map { " of split '\($0)'" } ?? ""
    var lines = zip(data.files, data.ranges).map { file, range in
      "\(file): \(rows)\(split), values \(number(range[0])) ... \(number(range[1]))"
    }
    var table = TextTable([("method", .left), ("SQNR of the output", .right), ("", .left)])
    for trial in report.trials {
      let isChosen =
        trial.calibration == report.calibration
        && trial.equalizesChannels == report.equalizesChannels
      table.add(
        method(trial.calibration, equalizes: trial.equalizesChannels),
        decibels(trial.outputSQNR), isChosen ? "chosen" : "")
    }
    if report.trials.isEmpty {
      lines.append("method: \(method(report.calibration)), as asked for")
    } else {
      lines.append("")
      lines += table.lines
    }
    lines.append("")
    lines.append("SQNR of the quantized network's output: \(decibels(report.outputSQNR))")
    return lines
  }

  private var budget: [String] {
    guard let budget = report.budget else { return [] }
    return [
      "\(number(Float(budget.reached))) \(budget.unit) an inference, modelled; allowed "
        + "\(number(Float(budget.limit))), with int8 weights \(number(Float(budget.int8))), at least "
        + "\(number(Float(budget.least)))"
    ]
  }

  private var knowsLayersAlone: Bool { report.layers.contains { $0.ownOutputSQNR != nil } }

  private var layers: [String] {
    var columns: [(title: String, side: TextTable.Side)] = [
      ("op", .right), ("kind", .left), ("least", .right), ("greatest", .right), ("method", .left),
      ("scale", .right), ("zero", .right), ("bits", .right), ("SQNR", .right),
    ]
    if knowsLayersAlone { columns.append(("alone", .right)) }
    var table = TextTable(columns)
    for layer in report.layers {
      table.add(
        [
          layer.sourceOperators.first.map(String.init) ?? "", layer.kind, number(layer.lowerBound),
          number(layer.upperBound), layer.method, number(layer.scale), String(layer.zeroPoint),
          "\(layer.weightBits.map(String.init) ?? "-")/\(layer.activationBits)", plain(layer.sqnr),
        ] + (knowsLayersAlone ? [plain(layer.ownOutputSQNR)] : []))
    }
    let lines = table.lines
    let used = lines.map { DisplayWidth.of($0) }.max() ?? 0
    let room = Self.width - 4 - used
    guard room >= 8 else { return lines }
    let names = ["name"] + report.layers.map { shortened($0.name, to: room) }
    return zip(lines, names).map { TextTable.pad($0, to: used, .left) + "  " + $1 }
  }

  private var legend: [String] {
    let alone =
      " alone: SQNR of the network's output if only this layer were quantized; the lowest cost most."
    return wrapped(
      "op: position in the model file. least, greatest: what the result's integers can stand for; real = "
        + "scale * (q - zero). bits: of weights / of the result. SQNR, in dB: how far the result lies "
        + "above its error when everything is quantized; 20 dB more is a tenth of the error."
        + (knowsLayersAlone ? alone : ""), indent: 0)
  }

  private var costliest: [String] {
    report.costliest.enumerated().flatMap { place, entry -> [String] in
      guard report.layers.indices.contains(entry.layer) else { return [] }
      let layer = report.layers[entry.layer]
      let percent = String(format: "%.0f", 100 * entry.share)
      let operation = layer.sourceOperators.first.map { "operator \($0), " } ?? ""
      return [
        "\(place + 1). \(operation)\(layer.kind) \(shortened(layer.name)): \(percent) % of the error"
      ]
        + wrapped(entry.advice, indent: 3)
    }
  }

  private var warnings: [String] {
    record.warnings.flatMap { warning -> [String] in
      let lines = wrapped(warning, indent: 2)
      return ["- " + (lines.first?.dropFirst(2) ?? "")] + lines.dropFirst()
    }
  }

  // MARK: Words

  private func method(_ method: CalibrationMethod, equalizes: Bool? = nil) -> String {
    let name =
      switch method {
      case .minMax: "min-max"
      case .percentile: "percentile"
      case .mse: "least squared error (mse)"
      case .kl: "least divergence (kl)"
      }
    return (equalizes ?? report.equalizesChannels) ? name + ", channels equalized" : name
  }

  private func decibels(_ value: Double?) -> String {
    value.map { "\(plain($0)) dB" } ?? "no error"
  }

  private func plain(_ value: Double?) -> String {
    value.map { String(format: "%.1f", $0) } ?? "-"
  }

  private func number(_ value: Float) -> String { String(format: "%.4g", value) }

  private func shortened(_ name: String, to limit: Int = 48) -> String {
    name.count <= limit ? name : "…" + name.suffix(limit - 1)
  }

  /// Words in lines of the report's width.
  private func wrapped(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = margin
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > Self.width - 2, line != margin {
        lines.append(line)
        line = margin
      }
      line += (line == margin ? "" : " ") + word
    }
    return lines + [line]
  }

  /// A line of a table whose last column goes on below itself.
  private func wrapped(_ line: String) -> [String] {
    guard line.count > Self.width - 2 else { return [line] }
    let gap = line.range(of: "  ", options: .backwards)
    let column = gap.map { line.distance(from: line.startIndex, to: $0.upperBound) } ?? 0
    let lines = wrapped(String(line.dropFirst(column)), indent: column)
    return [String(line.prefix(column) + (lines.first ?? "").dropFirst(column))] + lines.dropFirst()
  }
}

extension TextStyle {
  fileprivate func faintLines(_ lines: [String]) -> [String] { lines.map { faint($0) } }
}
