// SPDX-License-Identifier: Apache-2.0

/// How a benchmark is scheduled.
public struct BenchmarkPlan: Sendable {
  /// Windows of inferences that are recorded.
  public var windows: Int
  /// Length that a window should have at least, in seconds of the board's (modelled) time.
  public var windowSeconds: Double
  /// Idle time before and after each window, in seconds of the board's (modelled) time.
  public var baselineSeconds: Double
  /// Most inferences of one window.
  public var longestWindowInferences: Int
  /// Most instructions of one window under emulation: bounds the time that a benchmark takes.
  public var longestWindowInstructions: Double
  /// Most rows that are run once each, to count instructions and to compare results.

  /// A schedule; five windows, as MLPerf Tiny prescribes.
  public init(
    windows: Int = 5, windowSeconds: Double = 1, baselineSeconds: Double = 0.05,
    longestWindowInferences: Int = 10_000, longestWindowInstructions: Double = 3e8
  ) {
    self.windows = windows
    self.windowSeconds = windowSeconds
    self.baselineSeconds = baselineSeconds
    self.longestWindowInferences = longestWindowInferences
    self.longestWindowInstructions = longestWindowInstructions
  }

  /// Inferences of one window, from what one of them takes.
  func inferences(seconds: Double, instructions: Double) -> Int {
    let wanted = (windowSeconds / max(seconds, 1e-9)).rounded(.up)
    let affordable = (longestWindowInstructions / max(instructions, 1)).rounded(.down)
    return max(2, min(longestWindowInferences, Int(min(wanted, affordable, 1e6))))
  }
}
