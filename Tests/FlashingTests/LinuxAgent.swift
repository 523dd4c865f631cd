// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// The boards' agent, built for this machine and running behind a PTY.
final class LinuxAgent {
  /// The PTY.
  let path: String
  private let process: Process

  /// Builds the agent in a folder.
  ///
  /// - Returns: The program's path.
  static func build(in folder: TemporaryFolder) throws -> String {
    let build = folder.url.appendingPathComponent("agent").path
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

  /// Starts `program` and reads the name of its PTY.
  init(program: String) throws {
    let output = Pipe()
    process = try Subprocess.start(
      "env", [program, "--pty"], package: "coreutils", standardOutput: output, standardError: Pipe()
    )
    var name = ""
    while !name.contains("\n") {
      let bytes = output.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      name += String(decoding: bytes, as: UTF8.self)
    }
    let words = name.split(whereSeparator: \.isWhitespace)
    path = String(try #require(words.first { $0.hasPrefix("/dev/") }, "\(name)"))
  }

  deinit { stop() }

  /// Ends the agent; its PTY vanishes.
  func stop() { Subprocess.stop(process) }
}
