// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Blocking reads and writes with a deadline on a non-blocking file descriptor, which stays its
/// owner's to close. What PTYs, serial ports and sockets have in common.
final class DescriptorLine {
  /// An interruption is noticed after at most so long.
  private static let slice = Duration.milliseconds(50)
  private static let chunkBytes = 16_384

  private let descriptor: Int32
  private let port: String
  private let cancellation: LinkCancellation
  private let isSocket: Bool
  /// Read while a write was waiting: neither end may block the other by not reading.
  private var pending: [UInt8] = []
  private var isOpen = true

  /// Takes a non-blocking descriptor; `port` is its name for messages.
  init(_ descriptor: Int32, port: String, cancellation: LinkCancellation, isSocket: Bool = false) {
    self.descriptor = descriptor
    self.isSocket = isSocket
    self.port = port
    self.cancellation = cancellation
  }

  /// Writes all of `bytes`, reading meanwhile.
  func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    var written = 0
    while written < bytes.count {
      try checkUsable()
      let count = bytes.withUnsafeBytes { buffer in
        let rest = buffer.baseAddress?.advanced(by: written)
        // A socket whose far end is closed must not raise SIGPIPE.
        return isSocket
          ? send(descriptor, rest, bytes.count - written, Int32(MSG_NOSIGNAL))
          : Glibc.write(descriptor, rest, bytes.count - written)
      }
      let error = errno
      if count > 0 {
        written += count
      } else if count == 0 || error == EAGAIN || error == EINTR {
        guard !deadline.hasPassed else {
          throw .writeStalled(port: port, written: written, total: bytes.count)
        }
        let events = try waitFor(Int16(POLLIN | POLLOUT), deadline: deadline)
        if events & Int16(POLLIN) != 0 { pending += try readAvailable() }
      } else {
        throw failure(error)
      }
    }
  }

  /// Reads up to `count` bytes; none if the deadline passes first.
  func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    try checkUsable()
    guard count > 0 else { return [] }
    while pending.isEmpty {
      let events = try waitFor(Int16(POLLIN), deadline: deadline)
      if events != 0 { pending = try readAvailable() }
      if pending.isEmpty && deadline.hasPassed { return [] }
      try checkUsable()
    }
    if pending.count <= count {
      defer { pending = [] }
      return pending
    }
    let taken = Array(pending.prefix(count))
    pending.removeFirst(count)
    return taken
  }

  /// Makes every later call throw.
  func markClosed() { isOpen = false }

  private func checkUsable() throws(DeviceLinkError) {
    guard isOpen else { throw .closed(port: port) }
    try cancellation.check()
  }

  /// Waits at most one slice; returns what happened, 0 for nothing.
  private func waitFor(_ events: Int16, deadline: Deadline) throws(DeviceLinkError) -> Int16 {
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    let limit = min(deadline.remaining, Self.slice).roundedUpMilliseconds
    guard poll(&entry, 1, limit) > 0 else { return 0 }
    // A hang-up may leave bytes to read; only when there are none is the port gone.
    if entry.revents & Int16(POLLIN) == 0, entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    {
      throw .portVanished(port: port)
    }
    return entry.revents
  }

  private func readAvailable() throws(DeviceLinkError) -> [UInt8] {
    var count = 0
    var error: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, filled in
      count = Glibc.read(descriptor, buffer.baseAddress, Self.chunkBytes)
      error = errno
      filled = max(count, 0)
    }
    if count == 0 { throw .portVanished(port: port) }
    if count < 0 && error != EAGAIN && error != EINTR { throw failure(error) }
    return bytes
  }

  private func failure(_ error: Int32) -> DeviceLinkError {
    switch error {
    case EIO, ENXIO, ENODEV, EPIPE, ECONNRESET, ETIMEDOUT, EBADF: .portVanished(port: port)
    default: .cannotOpen(port: port, reason: SystemMessage.text(for: error))
    }
  }
}
