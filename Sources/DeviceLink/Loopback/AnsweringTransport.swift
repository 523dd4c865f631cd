// SPDX-License-Identifier: Apache-2.0

/// A line whose far end is a function, called within ``write(_:deadline:)``.
///
/// Without threads, and with a ``ManualClock``, everything happens in the same order each time.
public final class AnsweringTransport: Transport {
  /// The line's name.
  public let description: String
  private let answer: ([UInt8]) -> [UInt8]
  private let cancellation: LinkCancellation
  private var incoming: [UInt8] = []
  private var isOpen = true

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - name: The line's name for messages.
  ///   - cancellation: The flag that interrupts calls.
  ///   - answer: Takes what the host writes and returns what the device says to it.
  public init(
    name: String = "in-process device", cancellation: LinkCancellation = LinkCancellation(),
    answer: @escaping ([UInt8]) -> [UInt8]
  ) {
    description = name
    self.cancellation = cancellation
    self.answer = answer
  }

  /// Hands `bytes` to the far end.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    try checkUsable()
    incoming += answer(bytes)
  }

  /// Returns what the far end has said; if that is nothing, lets the deadline's clock pass.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    try checkUsable()
    if incoming.isEmpty {
      deadline.clock.wait(until: deadline.instant)
      return []
    }
    let taken = Array(incoming.prefix(max(count, 0)))
    incoming.removeFirst(taken.count)
    return taken
  }

  /// Closes the line.
  public func close() { isOpen = false }

  private func checkUsable() throws(DeviceLinkError) {
    guard isOpen else { throw .closed(port: description) }
    try cancellation.check()
  }
}
