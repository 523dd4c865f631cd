// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Chooses the transport for a port's name.
public enum TransportFactory {
  /// Which kind of transport a path needs.
  public enum Kind: Equatable, Sendable {
    /// Opened through termios: a PTY, or a terminal that libserialport does not know.
    case pseudoTerminal
    /// Opened through libserialport.
    case serialPort
  }

  /// Opens the port called `path`.
  ///
  /// - Parameters:
  ///   - path: A PTY (`/dev/pts/3`), a serial port (`/dev/ttyACM0`), a link to either, or
  ///     `tcp://HOST:PORT`.
  ///   - baud: Bits per second; PTYs and connections have no speed and ignore it.
  ///   - cancellation: The flag that interrupts blocking calls.
  /// - Throws: ``DeviceLinkError/portNotFound(port:)``,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)``, ``DeviceLinkError/invalidArgument(_:)``.
  public static func open(
    _ path: String, baud: Int = 115_200, cancellation: LinkCancellation = .shared
  ) throws(DeviceLinkError) -> any Transport {
    if path.hasPrefix(TCPAddress.scheme) {
      return try TCPTransport(path, cancellation: cancellation)
    }
    guard try kind(of: path) == .serialPort, let device = serialDevice(path) else {
      return try PseudoTerminalTransport(path: path, cancellation: cancellation)
    }
    return try SerialPortTransport(path: device, baud: baud, cancellation: cancellation)
  }

  /// Tells which transport the port at `path` needs.
  ///
  /// - Throws: ``DeviceLinkError/portNotFound(port:)`` if there is nothing at `path`,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)`` if it is not a device.
  public static func kind(of path: String) throws(DeviceLinkError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .portNotFound(port: path) }
    guard status.st_mode & S_IFMT == S_IFCHR else {
      throw .cannotOpen(port: path, reason: "it is not a device")
    }
    return serialDevice(path) == nil ? .pseudoTerminal : .serialPort
  }

  /// Follows links such as `/dev/serial/by-id/...` to the name under which the system knows a serial
  /// port; nil if there is none.
  private static func serialDevice(_ path: String) -> String? {
    var path = path
    for _ in 0..<8 {
      guard let name = path.split(separator: "/").last else { return nil }
      if access("/sys/class/tty/\(name)/device", F_OK) == 0 { return "/dev/\(name)" }
      guard let target = linkTarget(path) else { return nil }
      path = target
    }
    return nil
  }

  private static func linkTarget(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
