// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A clock that stands still until somebody waits on it: waiting moves it, without waiting.
///
/// With it and an ``AnsweringTransport`` a session with thousands of timeouts takes milliseconds and
/// always happens in the same order.
public final class ManualClock: LinkClock {
  private let elapsed = Mutex(Duration.zero)
  private let origin = ContinuousClock().now

  /// Creates a clock at its origin.
  public init() {}

  /// The instant to which waiting has moved the clock.
  public var now: ContinuousClock.Instant { origin + elapsed.withLock { $0 } }

  /// Moves the clock forward to `instant`; never back.
  public func wait(until instant: ContinuousClock.Instant) {
    elapsed.withLock { $0 = max($0, instant - origin) }
  }

  /// Moves the clock forward.
  public func advance(by duration: Duration) {
    elapsed.withLock { $0 += max(duration, .zero) }
  }
}
