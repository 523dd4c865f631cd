// SPDX-License-Identifier: Apache-2.0
public import DeviceLink

/// A line whose device stops listening at certain frames; what is sent to it meanwhile waits.
public final class DeafTransport: Transport {
  private let base: any Transport
  private let clock: any LinkClock
  private let busyUntil: (Frame) -> ContinuousClock.Instant?
  private var deafUntil: ContinuousClock.Instant?

  /// Wraps `base`.
  ///
  /// - Parameter busyUntil: Tells, for each frame sent, until when the device is deaf to what comes;
  ///   nil if it listens.
  public init(
    _ base: any Transport, clock: any LinkClock,
    busyUntil: @escaping (Frame) -> ContinuousClock.Instant?
  ) {
    self.base = base
    self.clock = clock
    self.busyUntil = busyUntil
  }

  /// The wrapped line's name.
  public var description: String { base.description }

  /// Writes through; the answer comes when the device listens again.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    for frame in FrameReceiver().receive(bytes) { deafUntil = busyUntil(frame) ?? deafUntil }
    try base.write(bytes, deadline: deadline)
  }

  /// Reads through, once the device listens.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    if let deafUntil, deafUntil > clock.now {
      clock.wait(until: min(deafUntil, deadline.instant))
      if deafUntil > clock.now { return [] }
    }
    return try base.read(upTo: count, deadline: deadline)
  }

  /// Closes the wrapped line.
  public func close() { base.close() }
}
