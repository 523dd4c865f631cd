// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The cross compiler of a core, and the tools beside it.
struct Toolchain {
  private let prefix: String
  /// Debian packages that hold it.
  let packages: String

  /// The toolchain that `Firmware/cmake/cores.cmake` chooses for a core.
  init(core: String) {
    if core.hasPrefix("cortex-a") {
      prefix = "aarch64-linux-gnu-"
      packages = "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
    } else {
      prefix = "arm-none-eabi-"
      packages = "gcc-arm-none-eabi libnewlib-arm-none-eabi"
    }
  }

  /// The program's name: `arm-none-eabi-nm`.
  func tool(_ name: String) -> String { prefix + name }

  /// The compiler and its version: `arm-none-eabi-gcc 12.2.1`.
  var compilerName: String {
    let result = try? Subprocess.run(tool("gcc"), ["-dumpfullversion"], package: packages)
    let version = result?.output.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    return tool("gcc") + " " + version
  }
}
