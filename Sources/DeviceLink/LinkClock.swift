// SPDX-License-Identifier: Apache-2.0

/// The time that deadlines are measured in.
///
/// Production code uses ``SystemClock``; tests that inject faults use a ``ManualClock``, so that a
/// timeout costs no waiting and every run is the same.
public protocol LinkClock: AnyObject, Sendable {
  /// The present instant; never goes back.
  var now: ContinuousClock.Instant { get }

  /// Lets time pass until `instant`; returns at once if that is in the past.
  func wait(until instant: ContinuousClock.Instant)
}
