// SPDX-License-Identifier: Apache-2.0
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

  /// The compiler and its version: `arm-none-eabi-gcc 12.2.1`; asked for once in a process.
  var compilerName: String {
    prefix == "arm-none-eabi-" ? ArmCompiler.name : Self.aarch64CompilerName
  }

  private static let aarch64CompilerName = ArmCompiler.name(
    of: "aarch64-linux-gnu-gcc", packages: "gcc-aarch64-linux-gnu")
}
