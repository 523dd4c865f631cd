// SPDX-License-Identifier: Apache-2.0

/// Divides the energy of a trace among its phases.
///
/// A sample that contains an edge is a mixture. Its neighbours tell what its ends took; what they
/// leave over, or lack, goes to the parts that have no neighbour, else to all by duration. So edges
/// between samples cost no accuracy while power is steady on both sides, and no energy is lost.
struct SampleDivision {
  /// Energy of every interval, in watts x samples.
  private(set) var energies: [Double]

  /// - Parameters:
  ///   - watts: The power of every sample, all finite.
  ///   - intervals: What ``PhaseInterval/intervals(of:)`` makes of the trace.
  init(watts: [Double], intervals: [PhaseInterval]) {
    energies = intervals.map { interval in
      interval.wholeSamples.reduce(0) { $0 + watts[$1] }
    }
    var first = 0
    while first < intervals.count {
      let end = intervals[first].end
      let sample = Int(end.rounded(.down))
      guard end > end.rounded(.down), sample < watts.count else {
        first += 1
        continue
      }
      var last = first
      while last + 1 < intervals.count, intervals[last].end < Double(sample + 1) { last += 1 }
      divide(sample, watts: watts, among: first...last, of: intervals)
      // `last` may begin in this sample and end in a later one, which is divided next
      first = max(last, first + 1)
    }
  }

  private mutating func divide(
    _ sample: Int, watts: [Double], among parts: ClosedRange<Int>, of intervals: [PhaseInterval]
  ) {
    let durations = parts.map { index in
      min(intervals[index].end, Double(sample + 1)) - max(intervals[index].start, Double(sample))
    }
    var powers = [Double?](repeating: nil, count: durations.count)
    if intervals[parts.lowerBound].wholeSamples.contains(sample - 1) {
      powers[0] = watts[sample - 1]
    }
    if intervals[parts.upperBound].wholeSamples.contains(sample + 1) {
      powers[durations.count - 1] = watts[sample + 1]
    }
    for (position, index) in parts.enumerated() where powers[position] == nil {
      let phase = intervals[index].phase
      if phase == intervals[parts.lowerBound].phase { powers[position] = powers[0] }
      if phase == intervals[parts.upperBound].phase, powers[position] == nil {
        powers[position] = powers[durations.count - 1]
      }
    }
    let known = zip(powers, durations).reduce(0) { $0 + ($1.0 ?? 0) * $1.1 }
    let unknownTime = zip(powers, durations).reduce(0) { $0 + ($1.0 == nil ? $1.1 : 0) }
    let rest = watts[sample] - known
    for (position, index) in parts.enumerated() {
      if let power = powers[position] {
        let share = unknownTime == 0 ? rest * durations[position] : 0
        energies[index] += power * durations[position] + share
      } else {
        energies[index] += rest * durations[position] / unknownTime
      }
    }
  }
}
