// SPDX-License-Identifier: Apache-2.0

/// The energy of one window of inferences.
public struct EnergyWindow: Sendable, Equatable {
  /// Inferences in it; `nil` if that is not known.
  public var inferences: Int?
  /// When it begins, in seconds on the trace's clock.
  public var startSeconds: Double
  /// When it ends, in seconds on the trace's clock.
  public var endSeconds: Double
  /// Time inside its inferences, in seconds.
  public var durationSeconds: Double
  /// Energy inside its inferences, in joules.
  public var grossJoules: Double
  /// The power of doing nothing beside it, in watts; `nil` without a baseline.
  public var baselineWatts: Double?
  /// What has to be known of it.
  public var problems: [TraceProblem]

  /// Makes a window.
  public init(
    inferences: Int?, startSeconds: Double, endSeconds: Double, durationSeconds: Double,
    grossJoules: Double, baselineWatts: Double?, problems: [TraceProblem]
  ) {
    self.inferences = inferences
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
    self.durationSeconds = durationSeconds
    self.grossJoules = grossJoules
    self.baselineWatts = baselineWatts
    self.problems = problems
  }

  /// Energy beyond that of doing nothing for as long, in joules.
  public var netJoules: Double? { baselineWatts.map { grossJoules - $0 * durationSeconds } }

  /// Mean power inside its inferences, in watts.
  public var meanWatts: Double { durationSeconds > 0 ? grossJoules / durationSeconds : 0 }

  /// Gross energy of one inference, in joules; of the window if their number is not known.
  public var grossJoulesPerInference: Double { grossJoules / Double(max(inferences ?? 1, 1)) }

  /// Net energy of one inference, in joules.
  public var netJoulesPerInference: Double? {
    netJoules.map { $0 / Double(max(inferences ?? 1, 1)) }
  }
}
