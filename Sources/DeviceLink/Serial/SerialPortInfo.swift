// SPDX-License-Identifier: Apache-2.0
internal import CSerialPort

/// A serial port that is plugged in.
public struct SerialPortInfo: Equatable, Sendable {
  /// The path to open, such as `/dev/ttyACM0`.
  public let path: String
  /// The system's description of it; empty if it has none.
  public let description: String
  /// The USB vendor ID; nil for ports that are not on USB.
  public let vendorID: UInt16?
  /// The USB product ID; nil for ports that are not on USB.
  public let productID: UInt16?
  /// The USB manufacturer string.
  public let manufacturer: String?
  /// The USB product string.
  public let product: String?
  /// The USB serial number, which tells equal boards apart.
  public let serialNumber: String?

  /// `vvvv:pppp` in lowercase hexadecimal, as board files write it; nil for ports not on USB.
  public var usbID: String? {
    guard let vendorID, let productID else { return nil }
    return "\(Self.hex(vendorID)):\(Self.hex(productID))"
  }

  /// Lists the serial ports of this machine, ordered by path.
  ///
  /// - Throws: ``DeviceLinkError/cannotOpen(port:reason:)`` if the system does not tell.
  public static func connected() throws(DeviceLinkError) -> [SerialPortInfo] {
    var list: UnsafeMutablePointer<OpaquePointer?>?
    guard sp_list_ports(&list) == SP_OK, let list else {
      throw .cannotOpen(port: "serial ports", reason: "the system does not list them")
    }
    defer { sp_free_port_list(list) }
    var ports: [SerialPortInfo] = []
    var index = 0
    while let port = list[index] {
      if let info = SerialPortInfo(port) { ports.append(info) }
      index += 1
    }
    return ports.sorted { $0.path < $1.path }
  }

  private init?(_ port: OpaquePointer) {
    guard let name = sp_get_port_name(port) else { return nil }
    path = String(cString: name)
    description = Self.text(sp_get_port_description(port)) ?? ""
    var vendor: Int32 = 0
    var product: Int32 = 0
    let isUSB = sp_get_port_usb_vid_pid(port, &vendor, &product) == SP_OK
    vendorID = isUSB ? UInt16(exactly: vendor) : nil
    productID = isUSB ? UInt16(exactly: product) : nil
    manufacturer = Self.text(sp_get_port_usb_manufacturer(port))
    self.product = Self.text(sp_get_port_usb_product(port))
    serialNumber = Self.text(sp_get_port_usb_serial(port))
  }

  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func hex(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
