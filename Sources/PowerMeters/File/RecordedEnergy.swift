// SPDX-License-Identifier: Apache-2.0

/// A recording read from a file: its traces, and what it says of their windows.
public struct RecordedEnergy: Sendable, Equatable {
  /// The recordings, in order; several where each window has its own.
  public var traces: [PowerTrace]
  /// What the recording says of the windows of each trace; an empty list where it says nothing.
  public var expected: [[ExpectedWindow]]
  /// What had to be mended while reading.
  public var problems: [TraceProblem]

  /// The windows of all traces. Times of a window are those of its own trace.
  public func report() -> EnergyReport {
    var report = EnergyReport(windows: [], problems: problems)
    for (index, trace) in traces.enumerated() {
      let part = EnergyIntegrator().report(
        on: trace, expecting: index < expected.count ? expected[index] : [])
      report.windows += part.windows
      report.problems += part.problems
    }
    for index in report.windows.indices {
      // Published recordings have no baseline: that is their rule, not a problem.
      report.windows[index].problems.removeAll { $0 == .noBaseline }
    }
    return report
  }
}
