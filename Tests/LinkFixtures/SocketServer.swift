// SPDX-License-Identifier: Apache-2.0
public import DeviceLink
internal import Glibc

/// The device's end of a TCP connection on this machine: takes one connection, when it is first read.
public final class SocketServer: Transport, @unchecked Sendable {
  /// What the host connects to, `tcp://127.0.0.1:PORT`.
  public let description: String
  private let listener: Int32
  private var connection: Int32 = -1

  /// Listens on any free port of the loopback interface; nil if the system refuses.
  public init?() {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var bytes = socklen_t(MemoryLayout<sockaddr_in>.size)
    let succeeds = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, bytes) == 0 && listen(descriptor, 1) == 0
          && getsockname(descriptor, $0, &bytes) == 0
      }
    }
    guard succeeds else {
      _ = Glibc.close(descriptor)
      return nil
    }
    listener = descriptor
    description = "tcp://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
  }

  /// Writes all of `bytes`; the deadline does not matter to tests.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw .portVanished(port: description) }
      rest.removeFirst(count)
    }
  }

  /// Reads what there is, before the deadline.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    while !deadline.hasPassed {
      var entry = pollfd(
        fd: connection < 0 ? listener : connection, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 20) > 0 else { continue }
      if connection < 0 {
        connection = accept(listener, nil, nil)
        continue
      }
      var bytes = [UInt8](repeating: 0, count: count)
      let got = recv(connection, &bytes, count, 0)
      guard got > 0 else { throw .portVanished(port: description) }
      return Array(bytes.prefix(got))
    }
    return []
  }

  /// Ends the connection and listens no more.
  public func close() {
    if connection >= 0 { _ = Glibc.close(connection) }
    _ = Glibc.close(listener)
  }
}
