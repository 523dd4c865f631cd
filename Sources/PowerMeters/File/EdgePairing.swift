// SPDX-License-Identifier: Apache-2.0

/// Finds the windows among the edges of a trace in which any edge may be missing or surplus.
///
/// The board computes inside its windows and waits between them, so that of two intervals side by
/// side the one with more power is a window. What the published results say is compared with that.
struct EdgePairing {
  struct Interval: Equatable {
    var start: Double
    var end: Double
    var watts: Double
    var seconds: Double { end - start }
  }

  /// The windows, in order of time.
  private(set) var windows: [Interval] = []
  /// What is known of them; empty if nothing is.
  private(set) var expected: [ExpectedWindow] = []
  private(set) var problems: [TraceProblem] = []

  init(times: [Double], watts: [Float], rate: Double, published: EnergyRunnerResults) {
    let intervals = zip(times, times.dropFirst()).map { start, end in
      Interval(start: start, end: end, watts: Self.mean(watts, from: start, to: end, rate: rate))
    }
    let stated = published.windows.compactMap { window in
      intervals.first {
        abs($0.start - window.start) < 0.02 && abs($0.seconds - window.seconds) < 0.03
      }
    }
    windows = Self.windowsByPower(intervals) ?? Self.windowsByPosition(intervals)
    if !stated.isEmpty, stated.count == published.windows.count {
      let beside = intervals.filter { !stated.contains($0) }
      if Self.meanWatts(stated) >= Self.meanWatts(beside) {
        windows = stated
      } else {
        problems.append(
          .windowsInGaps(
            publishedWatts: Self.meanWatts(stated), besideWatts: Self.meanWatts(beside)))
      }
    }
    rejectUnequalWindows()
    if !Self.isRegular(windows, among: intervals) {
      problems.append(
        .oddEdges(count: times.count, unused: max(times.count - 2 * windows.count, 0)))
    }
    let inferences = published.windows.first?.inferences
    if let inferences, published.windows.allSatisfy({ $0.inferences == inferences }) {
      expected = windows.map { _ in ExpectedWindow(inferences: inferences) }
    }
  }

  /// All windows of a recording run the same number of inferences: one that lasts longer or shorter
  /// than most spans a missing edge.
  private mutating func rejectUnequalWindows() {
    guard windows.count >= 3 else { return }
    let typical = windows.map(\.seconds).sorted()[windows.count / 2]
    windows.removeAll { abs($0.seconds - typical) > 0.05 * typical }
  }

  /// Whether windows and gaps take turns, after at most one gap at the beginning.
  private static func isRegular(_ windows: [Interval], among intervals: [Interval]) -> Bool {
    let positions = windows.compactMap { intervals.firstIndex(of: $0) }
    guard let first = positions.first, positions.last == intervals.count - 1 else { return false }
    return first <= 1 && zip(positions, positions.dropFirst()).allSatisfy { $1 - $0 == 2 }
  }

  /// The intervals whose power is in the upper half of its range; `nil` if that range is so narrow
  /// that it says nothing.
  private static func windowsByPower(_ intervals: [Interval]) -> [Interval]? {
    guard let lowest = intervals.map(\.watts).min(), let highest = intervals.map(\.watts).max(),
      highest - lowest > 0.01 * highest
    else { return nil }
    return intervals.filter { $0.watts > (lowest + highest) / 2 }
  }

  /// Every other interval, the first one after a leading edge if there is one too many.
  private static func windowsByPosition(_ intervals: [Interval]) -> [Interval] {
    stride(from: (intervals.count + 1) % 2, to: intervals.count, by: 2).map { intervals[$0] }
  }

  private static func meanWatts(_ intervals: [Interval]) -> Double {
    let seconds = intervals.reduce(0) { $0 + $1.seconds }
    return seconds > 0 ? intervals.reduce(0) { $0 + $1.watts * $1.seconds } / seconds : 0
  }

  private static func mean(_ watts: [Float], from start: Double, to end: Double, rate: Double)
    -> Double
  {
    let first = min(max(Int((start * rate).rounded()), 0), watts.count)
    let last = min(max(Int((end * rate).rounded()), first), watts.count)
    guard last > first else { return 0 }
    return watts[first..<last].reduce(0) { $0 + Double($1) } / Double(last - first)
  }
}
