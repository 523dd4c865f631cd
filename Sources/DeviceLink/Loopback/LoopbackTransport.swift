// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// One end of a line inside this process: what one end writes, the other reads. For tests and for
/// devices that are programs, whose end is served by a thread of its own.
public final class LoopbackTransport: Transport {
  /// The end's name.
  public let description: String
  private let descriptor: Int32
  private let line: DescriptorLine
  private var isOpen = true

  private init(_ descriptor: Int32, name: String, cancellation: LinkCancellation) {
    self.descriptor = descriptor
    description = name
    line = DescriptorLine(
      descriptor, port: name, cancellation: cancellation, isSocket: true)
  }

  deinit {
    close()
  }

  /// Creates both ends of a line.
  ///
  /// - Parameter cancellation: The flag that interrupts blocking calls at the host's end.
  /// - Throws: ``DeviceLinkError/cannotOpen(port:reason:)`` if no descriptors are left.
  public static func pair(
    cancellation: LinkCancellation = .shared
  ) throws(DeviceLinkError) -> (host: LoopbackTransport, device: LoopbackTransport) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw .cannotOpen(port: "loopback", reason: SystemMessage.text(for: errno))
    }
    return (
      LoopbackTransport(ends[0], name: "loopback", cancellation: cancellation),
      LoopbackTransport(ends[1], name: "loopback (device)", cancellation: LinkCancellation())
    )
  }

  /// Writes all of `bytes`; see ``Transport/write(_:deadline:)``.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    try line.write(bytes, deadline: deadline)
  }

  /// Reads what there is; see ``Transport/read(upTo:deadline:)``.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    try line.read(upTo: count, deadline: deadline)
  }

  /// Closes this end; the other finds its port vanished.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    line.markClosed()
    _ = Glibc.close(descriptor)
  }
}
