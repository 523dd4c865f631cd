// SPDX-License-Identifier: Apache-2.0

/// Tells how long a silence must last before a request counts as lost: smoothed round trip plus four
/// deviations (as TCP does, RFC 6298), doubled after each vain repetition.
struct RoundTripEstimator {
  private let timeouts: LinkTimeouts
  private var smoothed: Double?
  private var deviation = 0.0
  private var backoff = 1.0

  init(timeouts: LinkTimeouts) {
    self.timeouts = timeouts
  }

  /// Silence after which to repeat.
  var retryInterval: Duration {
    let base = smoothed.map { $0 + 4 * deviation } ?? timeouts.firstRetry.inSeconds
    let bounded = max(base, timeouts.shortestRetry.inSeconds) * backoff
    return .seconds(min(bounded, timeouts.longestRetry.inSeconds))
  }

  /// Takes the round trip of a request that was sent once.
  mutating func observe(_ roundTrip: Duration) {
    let sample = roundTrip.inSeconds
    if let mean = smoothed {
      deviation += (abs(sample - mean) - deviation) / 4
      smoothed = mean + (sample - mean) / 8
    } else {
      smoothed = sample
      deviation = sample / 2
    }
  }

  /// An answer came.
  mutating func heard() { backoff = 1 }

  /// A repetition was due.
  mutating func timedOut() { backoff = min(backoff * 2, 64) }
}
