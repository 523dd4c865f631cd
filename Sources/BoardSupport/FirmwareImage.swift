// SPDX-License-Identifier: Apache-2.0

/// A built agent.
public struct FirmwareImage: Sendable, Equatable {
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
}
