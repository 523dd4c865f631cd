// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The compiler for Cortex-M.
public enum ArmCompiler {
  /// The program.
  public static let program = "arm-none-eabi-gcc"
  /// The packages that bring it, its library and what builds with it.
  public static let packages =
    "gcc-arm-none-eabi libnewlib-arm-none-eabi binutils-arm-none-eabi cmake ninja-build"

  /// Whether it is installed.
  public static var isInstalled: Bool { Subprocess.find(program) != nil }

  /// The compiler and its version, `arm-none-eabi-gcc 12.2.1`; asked for once in a process.
  public static let name = name(of: program, packages: packages)

  /// A GCC and its version.
  static func name(of program: String, packages: String) -> String {
    let result = try? Subprocess.run(program, ["-dumpfullversion"], package: packages)
    let version = result?.output.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    return "\(program) \(version)"
  }
}
