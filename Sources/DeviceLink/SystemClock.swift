// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The machine's monotonic clock.
public final class SystemClock: LinkClock {
  /// The one instance; it has no state.
  public static let shared = SystemClock()

  private init() {}

  /// The present instant.
  public var now: ContinuousClock.Instant { ContinuousClock().now }

  /// Sleeps until `instant`.
  public func wait(until instant: ContinuousClock.Instant) {
    let remaining = instant - now
    guard remaining > .zero else { return }
    var time = timespec(
      tv_sec: Int(clamping: remaining.components.seconds),
      tv_nsec: Int(clamping: remaining.components.attoseconds / 1_000_000_000))
    var rest = timespec()
    while nanosleep(&time, &rest) != 0 && errno == EINTR { time = rest }
  }
}
