// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import DeviceLink
import Foundation
import Glibc
import TestSupport
import Testing

/// The boards' agent, built for this machine and running behind a PTY or a TCP port.
final class LinuxAgent {
  /// The port's name.
  let path: String
  private let process: Process

  /// The program, built once for all tests of this process, where the next run finds it.
  private static let built = Result { try build() }

  /// The program's path.
  static var program: String { get throws { try built.get() } }

  private static func build() throws -> String {
    let build = PackageRoot.url.appendingPathComponent(".build/linux-agent").path
    let firmware = PackageRoot.url.appendingPathComponent("Firmware").path
    for arguments in [
      [
        "-S", firmware, "-B", build, "-G", "Ninja",
        "-DSHUNT_BOARD_FILE=\(firmware)/cmake/boards-for-tests/linux.cmake",
      ],
      ["--build", build, "--target", "shunt-agent"],
    ] {
      let result = try Subprocess.run("cmake", arguments, package: "cmake")
      try #require(result.status == 0, "\(result.output)")
    }
    return build + "/shunt-agent.elf"
  }

  /// Starts `program` and reads the name of its PTY, or of its TCP port on this machine.
  init(program: String, overTCP: Bool = false) throws {
    let output = Pipe()
    process = try Subprocess.start(
      "env", [program] + (overTCP ? ["--listen", "0"] : ["--pty"]), package: "coreutils",
      standardOutput: output, standardError: Pipe())
    var name = ""
    while !name.contains("\n") {
      let bytes = output.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      name += String(decoding: bytes, as: UTF8.self)
    }
    let words = name.split(whereSeparator: \.isWhitespace)
    let prefix = overTCP ? "127.0.0.1:" : "/dev/"
    let word = try #require(words.first { $0.hasPrefix(prefix) }, "\(name)")
    path = (overTCP ? TCPAddress.scheme : "") + word
  }

  deinit { stop() }

  /// Ends the agent; its PTY vanishes.
  func stop() { Subprocess.stop(process) }
}
