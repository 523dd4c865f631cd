// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Synchronization

/// The cross compiler of a core, and the tools beside it.
public struct Toolchain: Sendable {
  private let prefix: String
  /// Debian packages that hold it and what builds with it.
  public let packages: String

  /// The toolchain that `Firmware/cmake/cores.cmake` chooses for a core.
  public init(core: String) {
    if core.hasPrefix("cortex-a") {
      prefix = "aarch64-linux-gnu-"
      packages = "gcc-aarch64-linux-gnu libc6-dev-arm64-cross cmake ninja-build"
    } else {
      prefix = "arm-none-eabi-"
      packages = "gcc-arm-none-eabi libnewlib-arm-none-eabi cmake ninja-build"
    }
  }

  /// The program's name: `arm-none-eabi-nm`.
  public func tool(_ name: String) -> String { prefix + name }

  /// Whether the compiler is installed.
  public var isInstalled: Bool { Subprocess.find(tool("gcc")) != nil }

  /// The compiler and its version, `arm-none-eabi-gcc 12.2.1`; asked for once in a process.
  public var compilerName: String {
    Self.names.withLock { names in
      if let name = names[prefix] { return name }
      let result = try? Subprocess.run(tool("gcc"), ["-dumpfullversion"], package: packages)
      let version = result?.output.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
      let name = tool("gcc") + " " + version
      names[prefix] = name
      return name
    }
  }

  private static let names = Mutex<[String: String]>([:])
}
