// SPDX-License-Identifier: Apache-2.0

/// A stretch of a trace in one phase, in units of samples.
struct PhaseInterval: Equatable {
  var phase: TriggerPhase
  /// Where it begins, in samples.
  var start: Double
  /// Where it ends, in samples.
  var end: Double

  /// Samples that lie inside completely.
  var wholeSamples: Range<Int> {
    let first = Int(start.rounded(.up))
    return first..<max(first, Int(end.rounded(.down)))
  }

  /// The phases of a trace from its beginning to its end, without empty ones.
  static func intervals(of trace: PowerTrace) -> [PhaseInterval] {
    let length = Double(trace.count)
    var intervals: [PhaseInterval] = []
    var phase = TriggerPhase.idle
    var start = 0.0
    for edge in trace.edges {
      let position = min(max(snapped(edge.seconds * trace.sampleRateHz), 0), length)
      if position > start {
        intervals.append(PhaseInterval(phase: phase, start: start, end: position))
      }
      phase = edge.phase
      start = position
    }
    if length > start { intervals.append(PhaseInterval(phase: phase, start: start, end: length)) }
    return intervals
  }

  /// Positions that differ from a sample's boundary by rounding only are on it.
  private static func snapped(_ position: Double) -> Double {
    let boundary = position.rounded()
    return abs(position - boundary) < 1e-6 ? boundary : position
  }
}
