// SPDX-License-Identifier: Apache-2.0

/// A function of truth values.
public enum LogicalFunction: String, Hashable, Sendable, CaseIterable {
  /// Whether both hold.
  case and = "logical_and"
  /// Whether at least one holds.
  case or = "logical_or"
  /// Whether the only one does not hold.
  case not = "logical_not"

  /// How many operands it has.
  public var operandCount: Int { self == .not ? 1 : 2 }
}
