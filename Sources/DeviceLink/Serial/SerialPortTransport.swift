// SPDX-License-Identifier: Apache-2.0
internal import CSerialPort

/// A real serial port, opened and set up by libserialport: 8 data bits, no parity, one stop bit, no
/// flow control, DTR and RTS on.
public final class SerialPortTransport: Transport {
  /// The path that was opened.
  public let description: String
  private let port: OpaquePointer
  private let line: DescriptorLine
  private var isOpen = true

  /// Opens a serial port.
  ///
  /// - Parameters:
  ///   - path: Such as `/dev/ttyACM0`.
  ///   - baud: Bits per second; any that the port's driver can do.
  ///   - cancellation: The flag that interrupts blocking calls.
  /// - Throws: ``DeviceLinkError/portNotFound(port:)``,
  ///   ``DeviceLinkError/cannotOpen(port:reason:)``.
  public init(
    path: String, baud: Int, cancellation: LinkCancellation = .shared
  ) throws(DeviceLinkError) {
    guard let speed = Int32(exactly: baud), speed > 0 else {
      throw .invalidArgument("\(path): \(baud) is no speed; give bits per second, such as 115200")
    }
    var found: OpaquePointer?
    guard sp_get_port_by_name(path, &found) == SP_OK, let found else {
      throw .portNotFound(port: path)
    }
    do throws(DeviceLinkError) {
      line = try Self.open(found, path: path, speed: speed, cancellation: cancellation)
    } catch {
      sp_free_port(found)
      throw error
    }
    port = found
    description = path
  }

  deinit {
    close()
    sp_free_port(port)
  }

  /// Writes all of `bytes`; see ``Transport/write(_:deadline:)``.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    try line.write(bytes, deadline: deadline)
  }

  /// Reads what there is; see ``Transport/read(upTo:deadline:)``.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    try line.read(upTo: count, deadline: deadline)
  }

  /// Closes the port.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    line.markClosed()
    sp_close(port)
  }

  private static func open(
    _ port: OpaquePointer, path: String, speed: Int32, cancellation: LinkCancellation
  ) throws(DeviceLinkError) -> DescriptorLine {
    guard sp_open(port, SP_MODE_READ_WRITE) == SP_OK else {
      throw .cannotOpen(port: path, reason: SystemMessage.text(for: sp_last_error_code()))
    }
    let settings: [(String, sp_return)] = [
      ("\(speed) baud", sp_set_baudrate(port, speed)),
      ("8 data bits", sp_set_bits(port, 8)),
      ("no parity", sp_set_parity(port, SP_PARITY_NONE)),
      ("1 stop bit", sp_set_stopbits(port, 1)),
      ("no flow control", sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE)),
      ("RTS", sp_set_rts(port, SP_RTS_ON)),
      ("DTR", sp_set_dtr(port, SP_DTR_ON)),
    ]
    var descriptor: Int32 = -1
    let refused = settings.first { $0.1 != SP_OK }?.0
    guard refused == nil, sp_get_port_handle(port, &descriptor) == SP_OK, descriptor >= 0 else {
      sp_close(port)
      throw .cannotOpen(port: path, reason: "its driver refuses \(refused ?? "to be read")")
    }
    return DescriptorLine(descriptor, port: path, cancellation: cancellation)
  }
}
