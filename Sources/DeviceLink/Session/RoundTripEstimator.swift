// SPDX-License-Identifier: Apache-2.0

/// Tells how long a silence must last before a request counts as lost: the usual silence plus four
/// deviations (as TCP does with round trips, RFC 6298), longer after vain repetitions.
struct RoundTripEstimator {
  /// A line loses frames more often than an agent is deaf: at first the interval grows little.
  private static let earlyRepetitions = 8

  private let timeouts: LinkTimeouts
  private var smoothed: Double?
  private var deviation = 0.0
  private var backoff = 1.0
  private var repetitions = 0
  /// Long frames have been sent whose round trip is not known yet.
  private var isWarmingUp = true

  init(timeouts: LinkTimeouts) {
    self.timeouts = timeouts
  }

  /// Silence after which to repeat.
  var retryInterval: Duration {
    let estimate = smoothed.map { $0 + 4 * deviation } ?? 0
    let least = (isWarmingUp ? timeouts.firstRetry : timeouts.shortestRetry).inSeconds
    let base = min(max(estimate, least), timeouts.longestRetry.inSeconds)
    let limit =
      repetitions <= Self.earlyRepetitions ? timeouts.firstRetry : timeouts.longestRetry
    return .seconds(max(base, min(base * backoff, limit.inSeconds)))
  }

  /// A transfer of long frames starts: what is known of short ones says little about them.
  mutating func beginTransfer() { isWarmingUp = true }

  /// Takes the silence before the answer to a request that was sent once: since that request, or
  /// since the answer before.
  mutating func observe(_ silence: Duration) {
    isWarmingUp = false
    let sample = silence.inSeconds
    if let mean = smoothed {
      deviation += (abs(sample - mean) - deviation) / 4
      smoothed = mean + (sample - mean) / 8
    } else {
      smoothed = sample
      deviation = sample / 2
    }
  }

  /// An answer came.
  mutating func heard() {
    backoff = 1
    repetitions = 0
  }

  /// A repetition was due.
  mutating func timedOut() {
    repetitions += 1
    backoff = min(backoff * 2, 1024)
  }
}
