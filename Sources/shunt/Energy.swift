// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import PowerMeters
internal import TextTables

/// `shunt energy`
struct Energy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute energy per inference from a recorded trace.",
    discussion: """
      TRACE is results.json of the MLPerf Tiny runner, a folder of EEMBC's EnergyRunner, or a CSV file \
      with time_s, current_a, voltage_v and perhaps phase. What is wrong with it is listed as problems.
      """)

  @Argument(help: "The recording.", completion: .file()) var trace: String
  @OptionGroup var format: OutputOptions

  private struct Window: Encodable {
    var inferences: Int?
    var durationS: Double
    var energyUjPerInference: Double
    var meanPowerMw: Double
  }

  private struct Summary: Encodable {
    var windows: [Window]
    var medianUjPerInference: Double?
    var problems: [String]
  }

  func run() throws {
    let report = try TraceFile.read(trace).report()
    let summary = Summary(
      windows: report.windows.map {
        Window(
          inferences: $0.inferences, durationS: $0.durationSeconds,
          energyUjPerInference: $0.grossJoulesPerInference * 1e6, meanPowerMw: $0.meanWatts * 1e3)
      },
      medianUjPerInference: report.medianGrossJoulesPerInference.map { $0 * 1e6 },
      problems: report.allProblems)
    if format.json {
      try Console.json(summary)
    } else {
      print(text(of: summary))
    }
  }

  private func text(of summary: Summary) -> String {
    func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    var table = TextTable([
      ("window", .right), ("inferences", .right), ("duration s", .right),
      ("µJ per inference", .right), ("mean mW", .right),
    ])
    for (index, window) in summary.windows.enumerated() {
      table.add(
        "\(index + 1)", window.inferences?.grouped ?? "unknown", rounded(window.durationS),
        rounded(window.energyUjPerInference), rounded(window.meanPowerMw))
    }
    var lines = table.lines
    if let median = summary.medianUjPerInference {
      lines.append("median \(rounded(median)) µJ per inference")
    }
    return (lines + summary.problems.map { "problem: \($0)" }).joined(separator: "\n")
  }
}
