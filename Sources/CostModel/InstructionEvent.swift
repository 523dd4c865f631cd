// SPDX-License-Identifier: Apache-2.0

/// What may happen on top of an instruction, and costs on top of its class.
///
/// Raw values are positions behind the classes in the records of `Tools/qemu-plugin`.
public enum InstructionEvent: Int, CaseIterable, Sendable, Codable {
  /// A jump: a taken branch, or a load of PC.
  case taken
  /// An instruction that reads what the one before it loaded.
  case loadUse
  /// A word moved by a load or store multiple.
  case multipleWords
}
