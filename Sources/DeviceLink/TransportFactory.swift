// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Chooses the transport for a port's path.
public enum TransportFactory {
  /// Which kind of transport a path needs.
  public enum Kind: Equatable, Sendable {
    /// Opened through termios: a PTY, or a terminal that libserialport does not know.
    case pseudoTerminal
    /// Opened through libserialport.
    case serialPort
  }

  /// Opens the port at `path`.
  ///
  /// - Parameters:
  ///   - path: A PTY (`/dev/pts/3`), a serial port (`/dev/ttyACM0`), or a link to either.
  ///   - baud: Bits per second; PTYs have no speed and ignore it.
  ///   - cancellation: The flag that interrupts blocking calls.
  /// - Throws: ``DeviceLinkError/portNotFound(port:)``,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)``.
  public static func open(
    _ path: String, baud: Int = 115_200, cancellation: LinkCancellation = .shared
  ) throws(DeviceLinkError) -> any Transport {
    switch try kind(of: path) {
    case .pseudoTerminal:
      return try PseudoTerminalTransport(path: path, cancellation: cancellation)
    case .serialPort:
      return try SerialPortTransport(
        path: resolved(path) ?? path, baud: baud, cancellation: cancellation)
    }
  }

  /// Tells which transport the port at `path` needs.
  ///
  /// - Throws: ``DeviceLinkError/portNotFound(port:)`` if there is nothing at `path`,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)`` if it is not a device.
  public static func kind(of path: String) throws(DeviceLinkError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0, let real = resolved(path) else {
      throw .portNotFound(port: path)
    }
    guard status.st_mode & S_IFMT == S_IFCHR else {
      throw .cannotOpen(port: path, reason: "it is not a device")
    }
    guard !real.hasPrefix("/dev/pts/"), let name = real.split(separator: "/").last,
      access("/sys/class/tty/\(name)/device", F_OK) == 0
    else { return .pseudoTerminal }
    return .serialPort
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
