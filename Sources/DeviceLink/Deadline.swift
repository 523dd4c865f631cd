// SPDX-License-Identifier: Apache-2.0

/// The instant by which a blocking call must have returned, on a certain clock.
public struct Deadline: Sendable {
  /// The instant itself.
  public let instant: ContinuousClock.Instant
  /// The clock that `instant` belongs to.
  public let clock: any LinkClock

  /// Wraps an instant of `clock`.
  public init(_ instant: ContinuousClock.Instant, on clock: any LinkClock = SystemClock.shared) {
    self.instant = instant
    self.clock = clock
  }

  /// The deadline `duration` from now.
  public static func after(
    _ duration: Duration, on clock: any LinkClock = SystemClock.shared
  ) -> Deadline {
    Deadline(clock.now + duration, on: clock)
  }

  /// Time left; zero once the deadline has passed.
  public var remaining: Duration { max(instant - clock.now, .zero) }

  /// Whether no time is left.
  public var hasPassed: Bool { clock.now >= instant }

  /// The earlier of this deadline and one `duration` from now.
  public func capped(after duration: Duration) -> Deadline {
    Deadline(min(instant, clock.now + duration), on: clock)
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }

  /// The duration in milliseconds, rounded up, for `poll`.
  var roundedUpMilliseconds: Int32 {
    let milliseconds = (inSeconds * 1000).rounded(.up)
    return milliseconds < 1e9 ? Int32(max(milliseconds, 0)) : 1_000_000_000
  }
}
