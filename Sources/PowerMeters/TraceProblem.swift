// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Something about a trace, or a window of it, that its reader has to know.
public enum TraceProblem: Sendable, Equatable, CustomStringConvertible {
  /// Samples did not arrive.
  case lostSamples(count: Int, seconds: Double)
  /// The meter's range was exceeded.
  case overrange(samples: Int)
  /// Events of the meter did not arrive: there may have been edges among them.
  case lostEvents(count: Int)
  /// Edges come in pairs, but one is missing or surplus; so many were not used.
  case oddEdges(count: Int, unused: Int)
  /// A window ends with the trace.
  case unfinishedWindow
  /// A window has fewer inferences than were asked for, by its edges.
  case inferenceEdges(counted: Int, expected: Int)
  /// The trace has more or fewer windows than there were.
  case windowCount(found: Int, expected: Int)
  /// The meter's duration of a window is not the board's.
  case durationDisagrees(meterSeconds: Double, boardSeconds: Double)
  /// A window has so few samples that it says little.
  case fewSamples(Double)
  /// There is no baseline beside the window: no net energy.
  case noBaseline
  /// The baselines before and after the window differ.
  case baselineDrift(beforeWatts: Double, afterWatts: Double)
  /// The baseline takes more power than the window.
  case baselineAboveActive(baselineWatts: Double, activeWatts: Double)
  /// There are no edges: the whole trace is taken as one window.
  case noEdges
  /// The published windows lie where the power is lower than beside them.
  case windowsInGaps(publishedWatts: Double, besideWatts: Double)
  /// How many inferences a window had is not known.
  case inferencesUnknown
  /// Intervals between the rows of a file differ.
  case unevenSamples(worstRelative: Double)
  /// What a recording states is not what its samples say.
  case publishedDisagrees(publishedJoules: Double, computedJoules: Double)

  /// One sentence.
  public var description: String {
    switch self {
    case .lostSamples(let count, let seconds):
      "\(count) samples (\(Self.text(seconds)) s) were lost; the mean of their phase stands for them"
    case .overrange(let samples):
      "the current exceeded the meter's range in \(samples) samples: use a smaller shunt"
    case .lostEvents(let count):
      "\(count) of the meter's events were lost, maybe trigger edges among them"
    case .oddEdges(let count, let unused):
      "\(count) trigger edges make no pairs: one is missing or surplus; \(unused) not used"
    case .unfinishedWindow:
      "the trace ends inside a window; it is not counted"
    case .inferenceEdges(let counted, let expected):
      "the edges show \(counted) inferences where the board reports \(expected)"
    case .windowCount(let found, let expected):
      "the trace has \(found) windows where there were \(expected)"
    case .durationDisagrees(let meter, let board):
      "the meter saw \(Self.text(meter)) s of inference, the board's timer \(Self.text(board)) s"
    case .fewSamples(let samples):
      "the window is only \(Self.text(samples)) samples long: run more inferences in it"
    case .noBaseline:
      "there is no baseline beside the window: net energy is not known"
    case .baselineDrift(let before, let after):
      "the baseline changed from \(Self.text(before * 1e3)) mW before to \(Self.text(after * 1e3)) mW "
        + "after the window"
    case .baselineAboveActive(let baseline, let active):
      "the baseline takes \(Self.text(baseline * 1e3)) mW, inference \(Self.text(active * 1e3)) mW: "
        + "net energy would be negative"
    case .noEdges:
      "there are no trigger edges: the whole trace is taken as one window"
    case .windowsInGaps(let published, let beside):
      "the published windows lie in the gaps (\(Self.text(published * 1e3)) mW, beside them "
        + "\(Self.text(beside * 1e3)) mW): an edge is missing or surplus; the others are used"
    case .inferencesUnknown:
      "the recording does not say how many inferences a window had: figures are per window"
    case .unevenSamples(let worst):
      "intervals between samples differ by up to \(Self.text(worst * 100)) %"
    case .publishedDisagrees(let published, let computed):
      "the published \(Self.text(published * 1e6)) uJ are not the \(Self.text(computed * 1e6)) uJ "
        + "that the samples give"
    }
  }

  private static func text(_ value: Double) -> String {
    String(format: "%.6g", value)
  }
}
