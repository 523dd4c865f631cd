// SPDX-License-Identifier: Apache-2.0

/// Computes the energy of the windows in a trace.
///
/// A window goes from leaving BASELINE or IDLE into INFERENCE until one of them returns. Its gross
/// energy is the integral of voltage x current over its INFERENCE phases alone; its net energy lacks
/// what the BASELINE phases beside it would have taken in that time.
public struct EnergyIntegrator: Sendable {
  /// Windows with fewer samples than this are named as a problem.
  public static let fewSamples = 20.0
  /// Baselines that differ by more than this, relative, are named as a problem.
  public static let baselineDrift = 0.02
  /// Durations that differ from the board's by more than this, relative, are named as a problem.
  public static let durationTolerance = 0.005

  /// Makes an integrator.
  public init() {}

  /// The windows of a trace.
  ///
  /// - Parameters:
  ///   - trace: The recording; several windows are no problem.
  ///   - expected: What the board said of its windows, in order; if empty, nothing is compared, and
  ///     inferences are counted by their edges where each has its own.
  /// - Returns: Windows and problems; the windows' numbers are right only if there are no problems.
  public func report(on trace: PowerTrace, expecting expected: [ExpectedWindow] = [])
    -> EnergyReport
  {
    let intervals = PhaseInterval.intervals(of: trace)
    let (watts, lost) = Self.filledPowers(of: trace, intervals: intervals)
    let energies = SampleDivision(watts: watts, intervals: intervals).energies
    var problems = trace.problems
    var windows: [EnergyWindow] = []
    for range in Self.windowRanges(in: intervals) {
      let isFinished =
        range.upperBound < intervals.count || trace.edges.last?.phase.isOutside == true
      guard isFinished else {
        problems.append(.unfinishedWindow)
        continue
      }
      let expectation = windows.count < expected.count ? expected[windows.count] : nil
      windows.append(
        Self.window(
          range, intervals: intervals, energies: energies, watts: watts, lost: lost,
          rate: trace.sampleRateHz, expected: expectation))
    }
    if !expected.isEmpty, windows.count != expected.count {
      problems.append(.windowCount(found: windows.count, expected: expected.count))
    }
    return EnergyReport(windows: windows, problems: problems)
  }

  /// Runs of INFERENCE and BETWEEN that contain an inference.
  private static func windowRanges(in intervals: [PhaseInterval]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start: Int?
    for index in 0...intervals.count {
      let isInside =
        index < intervals.count && !intervals[index].phase.isOutside
      if isInside {
        if start == nil { start = index }
      } else if let first = start {
        if intervals[first..<index].contains(where: { $0.phase == .inference }) {
          ranges.append(first..<index)
        }
        start = nil
      }
    }
    return ranges
  }

  private static func window(
    _ range: Range<Int>, intervals: [PhaseInterval], energies: [Double], watts: [Double],
    lost: [Int], rate: Double, expected: ExpectedWindow?
  ) -> EnergyWindow {
    let inferences = range.filter { intervals[$0].phase == .inference }
    let samples = inferences.reduce(0) { $0 + intervals[$1].end - intervals[$1].start }
    let lostHere = inferences.reduce(0) { $0 + lost[$1] }
    let before = range.lowerBound > 0 ? baseline(intervals[range.lowerBound - 1], watts) : nil
    let after =
      range.upperBound < intervals.count ? baseline(intervals[range.upperBound], watts) : nil
    let counted = inferences.count
    var window = EnergyWindow(
      inferences: expected?.inferences ?? (counted > 1 ? counted : nil),
      startSeconds: intervals[range.lowerBound].start / rate,
      endSeconds: intervals[range.upperBound - 1].end / rate, durationSeconds: samples / rate,
      grossJoules: inferences.reduce(0) { $0 + energies[$1] } / rate,
      baselineWatts: mean(before, after), problems: [])
    if lostHere > 0 {
      window.problems.append(.lostSamples(count: lostHere, seconds: Double(lostHere) / rate))
    }
    window.problems += problems(
      of: window, samples: samples, counted: counted, expected: expected, before: before?.watts,
      after: after?.watts)
    return window
  }

  private static func problems(
    of window: EnergyWindow, samples: Double, counted: Int, expected: ExpectedWindow?,
    before: Double?, after: Double?
  ) -> [TraceProblem] {
    var problems: [TraceProblem] = []
    if let expected, counted > 1, counted != expected.inferences {
      problems.append(.inferenceEdges(counted: counted, expected: expected.inferences))
    }
    if window.inferences == nil { problems.append(.inferencesUnknown) }
    if let seconds = expected?.seconds {
      let limit = durationTolerance * seconds
      if abs(window.durationSeconds - seconds) > limit {
        problems.append(
          .durationDisagrees(meterSeconds: window.durationSeconds, boardSeconds: seconds))
      }
    }
    if samples < fewSamples { problems.append(.fewSamples(samples)) }
    if let before, let after, abs(before - after) > baselineDrift * max(before, after) {
      problems.append(.baselineDrift(beforeWatts: before, afterWatts: after))
    }
    if let baseline = window.baselineWatts {
      if baseline > window.meanWatts {
        problems.append(
          .baselineAboveActive(baselineWatts: baseline, activeWatts: window.meanWatts))
      }
    } else {
      problems.append(.noBaseline)
    }
    return problems
  }

  private typealias Baseline = (watts: Double, samples: Int)

  /// Mean of the whole samples of a BASELINE phase, without those that touch an edge.
  private static func baseline(_ interval: PhaseInterval, _ watts: [Double]) -> Baseline? {
    guard interval.phase == .baseline else { return nil }
    let samples = interval.wholeSamples.dropFirst().dropLast()
    guard !samples.isEmpty else { return nil }
    return (samples.reduce(0) { $0 + watts[$1] } / Double(samples.count), samples.count)
  }

  private static func mean(_ before: Baseline?, _ after: Baseline?) -> Double? {
    let both = [before, after].compactMap { $0 }
    let samples = both.reduce(0) { $0 + $1.samples }
    guard samples > 0 else { return nil }
    return both.reduce(0) { $0 + $1.watts * Double($1.samples) } / Double(samples)
  }

  /// Powers of all samples, lost ones replaced by the mean of their phase; and how many of them
  /// each interval lost.
  private static func filledPowers(of trace: PowerTrace, intervals: [PhaseInterval])
    -> (watts: [Double], lost: [Int])
  {
    var watts = (0..<trace.count).map(trace.watts(at:))
    var lost = [Int](repeating: 0, count: intervals.count)
    var lastMean = 0.0
    for (index, interval) in intervals.enumerated() {
      let samples = Int(interval.start)..<min(Int(interval.end.rounded(.up)), watts.count)
      let valid = samples.filter { watts[$0].isFinite }
      if !valid.isEmpty { lastMean = valid.reduce(0) { $0 + watts[$1] } / Double(valid.count) }
      guard valid.count < samples.count else { continue }
      lost[index] = samples.count - valid.count
      for sample in samples where !watts[sample].isFinite { watts[sample] = lastMean }
    }
    return (watts, lost)
  }
}
