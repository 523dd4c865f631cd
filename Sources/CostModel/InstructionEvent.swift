// SPDX-License-Identifier: Apache-2.0

/// What may happen on top of an instruction, and costs on top of its class.
///
/// Raw values are positions behind the classes in the records of `Tools/qemu-plugin`.
public enum InstructionEvent: Int, CaseIterable, Sendable, Codable {
  /// A jump: a taken branch, or a load of PC.
  case taken
  /// An instruction that reads what the one before it loaded.
  case loadUse
  /// A word moved by a load or store multiple; on AArch64, what a load or store moves beyond its first
  /// 8 bytes, in units of 8.
  case multipleWords
  /// On AArch64, an instruction that a core which issues two in order can issue with the one before.
  case issuedTogether
  /// A line of flash that instructions missed in the cache of the chip that a board stands for.
  case fetchMiss
  /// A line of flash that loads missed in theirs.
  case dataMiss
}
