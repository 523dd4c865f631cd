// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A TCP connection that carries a board's line as it is: the Linux agent's `--listen`, or a server
/// that passes a serial port on raw (ser2net and its like). Neither authenticated nor encrypted.
public final class TCPTransport: Transport {
  /// The address as it was given, `tcp://HOST:PORT`.
  public let description: String
  private let descriptor: Int32
  private let line: DescriptorLine
  private var isOpen = true

  /// Connects.
  ///
  /// - Parameters:
  ///   - name: `tcp://HOST:PORT`; see ``TCPAddress``.
  ///   - timeout: How long each address of the host may take to answer.
  ///   - cancellation: The flag that interrupts blocking calls. Looking up a host's name is not
  ///     interrupted.
  /// - Throws: ``DeviceLinkError/invalidArgument(_:)`` if `name` is no address,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)``, ``DeviceLinkError/interrupted``.
  public init(
    _ name: String, timeout: Duration = .seconds(5), cancellation: LinkCancellation = .shared
  ) throws(DeviceLinkError) {
    let address = try TCPAddress(name)
    description = name
    descriptor = try Self.connect(
      to: address, name: name, timeout: timeout, cancellation: cancellation)
    line = DescriptorLine(descriptor, port: name, cancellation: cancellation, isSocket: true)
  }

  deinit {
    close()
  }

  /// Writes all of `bytes`; see ``Transport/write(_:deadline:)``.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    try line.write(bytes, deadline: deadline)
  }

  /// Reads what there is; see ``Transport/read(upTo:deadline:)``.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    try line.read(upTo: count, deadline: deadline)
  }

  /// Ends the connection.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    line.markClosed()
    _ = Glibc.close(descriptor)
  }

  /// Tries the host's addresses in the system's order; the last one's failure is reported.
  private static func connect(
    to address: TCPAddress, name: String, timeout: Duration, cancellation: LinkCancellation
  ) throws(DeviceLinkError) -> Int32 {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(address.host, String(address.port), &hints, &found)
    guard status == 0, let first = found else {
      throw .cannotOpen(
        port: name, reason: "\(address.host): " + String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(first) }
    var error = ENETUNREACH
    var next: UnsafeMutablePointer<addrinfo>? = first
    while let candidate = next {
      let descriptor = socket(
        candidate.pointee.ai_family,
        hints.ai_socktype | Int32(SOCK_NONBLOCK.rawValue)
          | Int32(SOCK_CLOEXEC.rawValue), 0)
      error = errno
      if descriptor >= 0 {
        do throws(DeviceLinkError) {
          error = try finish(
            descriptor, candidate.pointee, deadline: .after(timeout), cancellation: cancellation)
        } catch {
          _ = Glibc.close(descriptor)
          throw error
        }
        if error == 0 { return descriptor }
        _ = Glibc.close(descriptor)
      }
      next = candidate.pointee.ai_next
    }
    throw .cannotOpen(port: name, reason: reason(error))
  }

  /// Connects one socket and sets it up; returns 0 or an `errno`.
  private static func finish(
    _ descriptor: Int32, _ candidate: addrinfo, deadline: Deadline, cancellation: LinkCancellation
  ) throws(DeviceLinkError) -> Int32 {
    if Glibc.connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) != 0 {
      guard errno == EINPROGRESS else { return errno }
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      while poll(&entry, 1, 20) <= 0 {
        try cancellation.check()
        if deadline.hasPassed { return ETIMEDOUT }
      }
    }
    var error: Int32 = 0
    var bytes = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0 else { return errno }
    // Frames are short and answered: none may wait for more to send.
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, bytes)
    return error
  }

  private static func reason(_ error: Int32) -> String {
    let text = SystemMessage.text(for: error)
    return error == ECONNREFUSED
      ? text + "; nothing listens there, or it serves another already" : text
  }
}
