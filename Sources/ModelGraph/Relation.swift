// SPDX-License-Identifier: Apache-2.0

/// How two numbers compare.
public enum Relation: String, Hashable, Sendable, CaseIterable {
  /// a = b
  case equal
  /// a ≠ b
  case notEqual = "not_equal"
  /// a > b
  case greater
  /// a ≥ b
  case greaterEqual = "greater_equal"
  /// a < b
  case less
  /// a ≤ b
  case lessEqual = "less_equal"
}
