// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import Foundation
import LinkFixtures
import Testing

/// libserialport against a made-up `/dev/ttyACM0` whose far end is a PTY.
///
/// Tools/umockdev/run-serialport-tests.sh runs these under umockdev; elsewhere they are skipped.
@Suite(
  "Serial ports under umockdev", .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["SHUNT_UMOCKDEV"] == "1",
    "Tools/umockdev/run-serialport-tests.sh runs them"))
struct SerialPortTransportTests {
  private static let path = "/dev/ttyACM0"

  /// Puts a new PTY behind the port.
  private func plugIn() throws -> PseudoTerminalMaster {
    let master = try #require(PseudoTerminalMaster())
    let folder = try #require(ProcessInfo.processInfo.environment["UMOCKDEV_DIR"])
    let node = folder + Self.path
    unlink(node)
    try #require(symlink(master.path, node) == 0)
    return master
  }

  private func logged() throws -> [String] {
    let log = try #require(ProcessInfo.processInfo.environment["SHUNT_TTY_SHIM_LOG"])
    return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test("ports are listed with their USB identity")
  func list() throws {
    let master = try plugIn()
    defer { master.close() }
    let ports = try SerialPortInfo.connected()
    let port = try #require(ports.first { $0.path == Self.path })
    #expect(port.usbID == "0483:374b")
    #expect(port.manufacturer == "STMicroelectronics")
    #expect(port.product == "STM32 STLink")
    #expect(port.serialNumber == "0670FF485550755187121723")
  }

  @Test(
    "a session transfers a blob at every usual speed",
    arguments: [9600, 115_200, 230_400, 460_800, 921_600, 1_000_000, 2_000_000, 3_000_000])
  func session(baud: Int) throws {
    let agent = ServedAgent(on: try plugIn())
    defer { agent.stop() }
    let transport = try SerialPortTransport(path: Self.path, baud: baud)
    defer { transport.close() }
    let session = try AgentSession(over: transport)
    let blob = blobBytes(count: 50_000, salt: baud)
    try session.writeBlob(blob)
    #expect(try session.readBlob(count: blob.count) == blob)
    #expect(session.statistics.crcErrors + session.statistics.formatErrors == 0)
  }

  @Test("the speed asked for is set", arguments: [9600, 115_200, 921_600, 3_686_400])
  func speed(baud: Int) throws {
    let master = try plugIn()
    defer { master.close() }
    let transport = try SerialPortTransport(path: Self.path, baud: baud)
    defer { transport.close() }
    #expect(master.speed == UInt32(baud))
  }

  @Test("opening a port turns DTR and RTS on")
  func modemLines() throws {
    let master = try plugIn()
    defer { master.close() }
    let before = try logged().count
    let transport = try SerialPortTransport(path: Self.path, baud: 115_200)
    transport.close()
    #expect(try logged().dropFirst(before).contains("DTR=1 RTS=1"))
  }

  @Test("the factory opens a real port through libserialport, and a PTY without")
  func factory() throws {
    let master = try plugIn()
    defer { master.close() }
    #expect(try TransportFactory.kind(of: Self.path) == .serialPort)
    #expect(try TransportFactory.kind(of: master.path) == .pseudoTerminal)
    // A link by the board's serial number, as udev makes them.
    let folder = try #require(ProcessInfo.processInfo.environment["UMOCKDEV_DIR"])
    try FileManager.default.createDirectory(
      atPath: folder + "/dev/serial/by-id", withIntermediateDirectories: true)
    let link = "/dev/serial/by-id/usb-STMicroelectronics-if02"
    unlink(folder + link)
    try #require(symlink("../../ttyACM0", folder + link) == 0)
    for path in [Self.path, link] {
      let transport = try TransportFactory.open(path, baud: 921_600)
      #expect(transport is SerialPortTransport)
      #expect(transport.description == Self.path)
      transport.close()
    }
  }

  @Test("a port that is unplugged in a transfer is named")
  func unplugged() throws {
    let agent = ServedAgent(on: try plugIn())
    let transport = try SerialPortTransport(path: Self.path, baud: 115_200)
    let session = try AgentSession(over: transport)
    try session.writeBlob(blobBytes(count: 5000))
    agent.stop()
    #expect(throws: DeviceLinkError.portVanished(port: Self.path)) {
      try session.writeBlob(blobBytes(count: 5000))
    }
  }

  @Test("a port that does not exist, or a speed that is none, is refused")
  func refused() throws {
    let master = try plugIn()
    defer { master.close() }
    #expect(throws: DeviceLinkError.portNotFound(port: "/dev/ttyACM9")) {
      _ = try SerialPortTransport(path: "/dev/ttyACM9", baud: 115_200)
    }
    #expect(throws: DeviceLinkError.self) {
      _ = try SerialPortTransport(path: Self.path, baud: 0)
    }
  }
}
