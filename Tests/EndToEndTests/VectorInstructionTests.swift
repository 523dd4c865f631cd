// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import TestSupport
import Testing

/// The vector instructions that kernels use, against their emulation on this machine.
@Suite struct VectorInstructionTests {
  private static let folder = PackageRoot.url.path
  private static let warnings = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
  private static let sources = [
    "-I\(folder)/Firmware/runtime/kernels/mve", "\(folder)/Tests/VectorInstructions/mve.c",
  ]

  @Test("the emulation of each Helium instruction is what an emulated Cortex-M55 computes")
  func helium() throws {
    let files = try TemporaryFolder()
    let host = files.path("host")
    try compile("cc", ["-O1"] + Self.warnings + Self.sources + ["-o", host])
    let script = try String(
      contentsOfFile: "\(Self.folder)/Tests/ExportedProject/link.ld.in", encoding: .utf8)
    try script.replacingOccurrences(of: "@CODE_ORIGIN@", with: "0")
      .replacingOccurrences(of: "@RAM_ORIGIN@", with: "0x70000000")
      .write(toFile: files.path("link.ld"), atomically: true, encoding: .utf8)
    let board = files.path("board.elf")
    try compile(
      "arm-none-eabi-gcc",
      ["-mcpu=cortex-m55", "-mthumb", "-mfloat-abi=softfp", "-O1"] + Self.warnings
        + Self.sources + [
          "\(Self.folder)/Tests/ExportedProject/startup.c", "-nostartfiles",
          "-T\(files.path("link.ld"))", "-Wl,--no-warn-rwx-segments", "-o", board,
        ])
    let expected = try Subprocess.run(host, [], package: "gcc")
    let actual = try Subprocess.run(
      "timeout",
      [
        "120", "qemu-system-arm", "-M", "mps3-an547", "-kernel", board, "-nographic", "-monitor",
        "none", "-serial", "none", "-semihosting-config", "enable=on,target=native",
      ], package: "qemu-system-arm")
    let lines = expected.output.split(whereSeparator: \.isNewline)
    #expect(lines.count > 10)
    #expect(actual.output.split(whereSeparator: \.isNewline) == lines)
  }

  private func compile(_ compiler: String, _ arguments: [String]) throws {
    let result = try Subprocess.run(compiler, arguments, package: compiler)
    try #require(result.status == 0, "\(result.output)")
  }
}
