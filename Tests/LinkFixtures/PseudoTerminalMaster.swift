// SPDX-License-Identifier: Apache-2.0
public import DeviceLink
internal import Glibc

/// The device's end of a pseudo terminal, as an emulator holds it.
public final class PseudoTerminalMaster: Transport, @unchecked Sendable {
  /// Path of the host's end, `/dev/pts/N`.
  public let path: String
  private let descriptor: Int32

  /// Opens a new pseudo terminal; nil if the system has none left.
  public init?() {
    // Linux's own calls: Glibc's module lacks posix_openpt and its kin.
    let unlockRequest: UInt = 0x4004_5431  // TIOCSPTLCK
    let numberRequest: UInt = 0x8004_5430  // TIOCGPTN
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard master >= 0 else { return nil }
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard ioctl(master, unlockRequest, &lock) == 0, ioctl(master, numberRequest, &number) == 0
    else {
      _ = Glibc.close(master)
      return nil
    }
    descriptor = master
    path = "/dev/pts/\(number)"
  }

  /// The terminal's name.
  public var description: String { "master of \(path)" }

  /// The speed that the host has set, in bits per second.
  public var speed: UInt32? {
    let settingsRequest: UInt = 0x802C_542A  // TCGETS2: unlike termios it tells any speed
    var settings = [UInt32](repeating: 0, count: 11)
    return ioctl(descriptor, settingsRequest, &settings) == 0 ? settings[10] : nil
  }

  /// Writes all of `bytes`; the deadline does not matter to tests.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw .portVanished(port: path) }
      rest.removeFirst(count)
    }
  }

  /// Reads what there is, before the deadline. Nobody at the other end counts as silence: an emulator
  /// outlives its host.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !deadline.hasPassed {
      guard poll(&entry, 1, 20) > 0 else { continue }
      if entry.revents & Int16(POLLNVAL) != 0 { throw .closed(port: path) }
      guard entry.revents & Int16(POLLIN) != 0 else {
        usleep(10_000)
        continue
      }
      var bytes = [UInt8](repeating: 0, count: count)
      let got = Glibc.read(descriptor, &bytes, count)
      if got > 0 { return Array(bytes.prefix(got)) }
    }
    return []
  }

  /// Closes the device's end: the terminal vanishes for the host.
  public func close() { _ = Glibc.close(descriptor) }
}
