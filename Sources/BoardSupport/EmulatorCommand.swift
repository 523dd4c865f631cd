// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The command line by which an emulated board is started.
enum EmulatorCommand {
  /// The emulator's arguments.
  static func arguments(
    _ definition: EmulatorDefinition, firmware: FirmwareImage, loads: [EmulatorLoad],
    plugin: EmulatorPlugin?
  ) -> [String] {
    var arguments = definition.cpu.map { ["-cpu", $0] } ?? []
    if let plugin {
      arguments += [
        "-plugin", ([escaped(plugin.path)] + plugin.arguments).joined(separator: ","),
      ]
    }
    guard let machine = definition.machine else {
      return arguments + program(firmware, loads: loads)
    }
    let image = definition.image == .bin ? firmware.binPath : firmware.elfPath
    arguments += [
      "-M", machine, "-kernel", image, "-display", "none", "-monitor", "none", "-serial", "pty",
      "-nodefaults",
    ]
    if let shift = definition.icountShift { arguments += ["-icount", "shift=\(shift)"] }
    for load in loads {
      arguments += [
        "-device", "loader,file=\(escaped(load.path)),addr=\(hex(load.address)),force-raw=on",
      ]
    }
    return arguments
  }

  /// The Debian package that holds the emulator.
  static func package(_ definition: EmulatorDefinition) -> String {
    definition.machine == nil ? "qemu-user" : "qemu-system-arm"
  }

  /// The agent as a Linux program and its own arguments.
  private static func program(_ firmware: FirmwareImage, loads: [EmulatorLoad]) -> [String] {
    var arguments = [firmware.elfPath, "--pty", "--emulated"]
    for load in loads { arguments += ["--load", hex(load.address), load.path] }
    return arguments
  }

  /// QEMU splits its option strings at commas; a doubled comma stands for one.
  private static func escaped(_ path: String) -> String {
    path.replacingOccurrences(of: ",", with: ",,")
  }

  private static func hex(_ value: Int) -> String { "0x" + String(value, radix: 16) }
}
