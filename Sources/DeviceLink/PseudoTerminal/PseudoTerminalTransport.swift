// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A terminal device opened raw through termios: an emulator's PTY, which libserialport cannot open.
public final class PseudoTerminalTransport: Transport {
  /// The path that was opened.
  public let description: String
  private let descriptor: Int32
  private let line: DescriptorLine
  private var isOpen = true

  /// Opens the terminal at `path` and makes it raw: 8 bits, no echo, no translation, no signals.
  ///
  /// - Parameters:
  ///   - path: A PTY's slave such as `/dev/pts/3`, or a symbolic link to one.
  ///   - cancellation: The flag that interrupts blocking calls.
  /// - Throws: ``DeviceLinkError/portNotFound(port:)``,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)``.
  public init(path: String, cancellation: LinkCancellation = .shared) throws(DeviceLinkError) {
    descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    let error = errno
    guard descriptor >= 0 else {
      if error == ENOENT { throw .portNotFound(port: path) }
      // The master is closed but the node still stands.
      if error == EIO { throw .portVanished(port: path) }
      throw .cannotOpen(port: path, reason: SystemMessage.text(for: error))
    }
    description = path
    line = DescriptorLine(descriptor, port: path, cancellation: cancellation)
    do throws(DeviceLinkError) {
      try Self.makeRaw(descriptor, path: path)
    } catch {
      close()
      throw error
    }
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

  /// Closes the terminal.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    line.markClosed()
    _ = Glibc.close(descriptor)
  }

  private static func makeRaw(_ descriptor: Int32, path: String) throws(DeviceLinkError) {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else {
      throw .cannotOpen(port: path, reason: "it is not a terminal")
    }
    cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
    guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else {
      throw .cannotOpen(port: path, reason: SystemMessage.text(for: errno))
    }
  }
}
