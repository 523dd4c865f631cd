// SPDX-License-Identifier: Apache-2.0

/// A built agent.
public struct FirmwareImage: Sendable, Equatable {
  /// The folder in which it was built: object files, and what the compiler says of them.
  public var buildFolder: String
  /// Path of the ELF file.
  public var elfPath: String
  /// Path of the same as a raw image.
  public var binPath: String { elfPath.replacing(/\.elf$/, with: ".bin") }
  /// SHA-256 of the ELF file, as 64 hexadecimal digits.
  public var sha256: String
  /// The compiler and its version: `arm-none-eabi-gcc 12.2.1`.
  public var compiler: String
  /// Addresses of its global symbols.
  public var symbols: [String: UInt64]

  /// Bytes of data and bss, as the agent states them (INFO); `nil` if its linker script has no names
  /// for them.
  public var dataAndBssBytes: Int? {
    guard let data = bytes(of: "data"), let bss = bytes(of: "bss") else { return nil }
    return data + bss
  }

  private func bytes(of section: String) -> Int? {
    guard let start = symbols["shunt_ld_\(section)_start"],
      let end = symbols["shunt_ld_\(section)_end"], end >= start
    else { return nil }
    return Int(end - start)
  }
}
