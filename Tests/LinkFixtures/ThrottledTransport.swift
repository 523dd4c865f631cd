// SPDX-License-Identifier: Apache-2.0
public import DeviceLink

/// A line that takes bytes to the device no faster than a UART would.
public final class ThrottledTransport: Transport {
  private let base: any Transport
  private let secondsPerByte: Double
  private var free = ContinuousClock.now

  /// Wraps `base`.
  public init(_ base: any Transport, bytesPerSecond: Double) {
    self.base = base
    secondsPerByte = 1 / bytesPerSecond
  }

  /// The wrapped line's name.
  public var description: String { base.description }

  /// Writes through when all bytes before these would have left a UART.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    let clock = SystemClock.shared
    free = max(free, clock.now) + .seconds(Double(bytes.count) * secondsPerByte)
    clock.wait(until: free)
    try base.write(bytes, deadline: deadline)
  }

  /// Reads through.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    try base.read(upTo: count, deadline: deadline)
  }

  /// Closes the wrapped line.
  public func close() { base.close() }
}
