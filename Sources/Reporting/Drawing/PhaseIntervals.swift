// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// The phases of a series as intervals, and the windows that they form.
struct PhaseIntervals {
  /// One phase, or one window.
  struct Interval: Equatable {
    /// Beginning, in s.
    var startS: Double
    /// End, in s.
    var endS: Double
  }

  /// Each inference.
  let inferences: [Interval]
  /// Each baseline.
  let baselines: [Interval]
  /// Each window: inferences in a row with nothing but `between` between them.
  let windows: [Interval]

  /// Reads the edges; those that are not finite are skipped.
  init(_ series: RawSeries) {
    let edges = series.edges.filter { $0.timeS.isFinite }.sorted { $0.timeS < $1.timeS }
    let end = series.durationS
    var inferences: [Interval] = []
    var baselines: [Interval] = []
    var windows: [Interval] = []
    var isInWindow = false
    for (index, edge) in edges.enumerated() {
      let start = min(max(0, edge.timeS), end)
      let stop = index + 1 < edges.count ? min(max(0, edges[index + 1].timeS), end) : end
      let interval = Interval(startS: start, endS: stop)
      switch edge.phase {
      case .inference:
        inferences.append(interval)
        if isInWindow, !windows.isEmpty {
          windows[windows.count - 1].endS = stop
        } else {
          windows.append(interval)
        }
        isInWindow = true
      case .between:
        break
      case .baseline:
        baselines.append(interval)
        isInWindow = false
      case .idle:
        isInWindow = false
      }
    }
    self.inferences = inferences
    self.baselines = baselines
    self.windows = windows
  }
}
