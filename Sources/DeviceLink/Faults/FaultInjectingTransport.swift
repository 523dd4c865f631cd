// SPDX-License-Identifier: Apache-2.0

/// A line that goes wrong in a repeatable way: drops, repeats, flips, reorders, delays and cuts what
/// passes, stalls, or vanishes.
///
/// Delayed bytes to the device leave when the transport is next used, as a session waiting for the
/// answer does.
public final class FaultInjectingTransport: Transport {
  private let base: any Transport
  private let clock: any LinkClock
  private var toDevice: FaultyDirection
  private var toHost: FaultyDirection
  /// Arrived but not asked for yet.
  private var incoming: [UInt8] = []

  /// Wraps a line.
  ///
  /// - Parameters:
  ///   - base: The line.
  ///   - toDevice: Faults on the way to the device.
  ///   - toHost: Faults on the way back.
  ///   - seed: The same seed, traffic and clock always give the same faults.
  ///   - clock: The time in which delays are measured; that of the deadlines passed in.
  public init(
    _ base: any Transport, toDevice: FaultRates = FaultRates(), toHost: FaultRates = FaultRates(),
    seed: UInt64, clock: any LinkClock = SystemClock.shared
  ) {
    self.base = base
    self.clock = clock
    self.toDevice = FaultyDirection(rates: toDevice, seed: seed &* 2)
    self.toHost = FaultyDirection(rates: toHost, seed: seed &* 2 &+ 1)
  }

  /// The wrapped line's name.
  public var description: String { base.description }

  /// What has been done to the bytes to the device.
  public var countsToDevice: FaultCounts { toDevice.counts }

  /// What has been done to the bytes to the host.
  public var countsToHost: FaultCounts { toHost.counts }

  /// Writes through, with faults.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    toDevice.take(bytes, now: clock.now)
    try checkConnected()
    try forward(deadline: deadline)
  }

  /// Reads through, with faults.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    while true {
      try checkConnected()
      try forward(deadline: deadline)
      if incoming.isEmpty, let piece = toHost.next(now: clock.now) { incoming = piece }
      if !incoming.isEmpty || count <= 0 {
        let taken = Array(incoming.prefix(max(count, 0)))
        incoming.removeFirst(taken.count)
        return taken
      }
      let wakeUp = [toDevice.nextDue, toHost.nextDue].compactMap { $0 }.min()
      let wait = Deadline(min(deadline.instant, wakeUp ?? deadline.instant), on: clock)
      toHost.take(try base.read(upTo: 16_384, deadline: wait), now: clock.now)
      if deadline.hasPassed, toHost.nextDue.map({ $0 > clock.now }) ?? true { return [] }
    }
  }

  /// Closes the wrapped line.
  public func close() { base.close() }

  private func forward(deadline: Deadline) throws(DeviceLinkError) {
    while let piece = toDevice.next(now: clock.now) {
      try base.write(piece, deadline: deadline)
    }
  }

  private func checkConnected() throws(DeviceLinkError) {
    if toDevice.isDisconnected || toHost.isDisconnected {
      throw .portVanished(port: description)
    }
  }
}
