// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The probe's end of a pseudo terminal; never blocks.
final class ProbeTerminal: Sendable {
  /// The path that the host opens.
  let path: String
  private let descriptor: Int32
  /// Kept open, so that the terminal stays raw and alive while no host has it open.
  private let farDescriptor: Int32

  init() throws(PowerMetersError) {
    var near: Int32 = -1
    var far: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    var settings = termios()
    cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CREAD | CLOCAL | CS8)
    guard openpty(&near, &far, &name, &settings, nil) == 0 else {
      throw .pseudoTerminal(problem: String(cString: strerror(errno)))
    }
    for end in [near, far] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(near, F_SETFL, fcntl(near, F_GETFL) | O_NONBLOCK)
    descriptor = near
    farDescriptor = far
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    close(farDescriptor)
    close(descriptor)
  }

  /// Waits until there is something to read, or room to write if that is wanted.
  func wait(forRoom: Bool, milliseconds: Int32) {
    var request = pollfd(
      fd: descriptor, events: Int16(POLLIN) | (forRoom ? Int16(POLLOUT) : 0), revents: 0)
    _ = poll(&request, 1, milliseconds)
  }

  /// What has arrived; empty if nothing has.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : []
  }

  /// Writes what there is room for.
  ///
  /// - Returns: How many bytes that were.
  func write(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBytes { max(Glibc.write(descriptor, $0.baseAddress, $0.count), 0) }
  }
}
