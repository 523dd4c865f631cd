// SPDX-License-Identifier: Apache-2.0

/// The windows of a trace, and what has to be known of them.
public struct EnergyReport: Sendable, Equatable {
  /// The windows, in order of time.
  public var windows: [EnergyWindow]
  /// Problems of the trace as a whole; those of a window stand there.
  public var problems: [TraceProblem]

  /// Makes a report.
  public init(windows: [EnergyWindow], problems: [TraceProblem]) {
    self.windows = windows
    self.problems = problems
  }

  /// Median of the windows' gross energies per inference, in joules; `nil` without a window.
  public var medianGrossJoulesPerInference: Double? {
    Self.median(windows.map(\.grossJoulesPerInference))
  }

  /// All problems, those of windows with their number (from 1), for people.
  public var allProblems: [String] {
    problems.map(\.description)
      + windows.enumerated().flatMap { index, window in
        window.problems.map { "window \(index + 1): \($0)" }
      }
  }

  private static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
