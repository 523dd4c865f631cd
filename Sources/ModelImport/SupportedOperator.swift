// SPDX-License-Identifier: Apache-2.0

/// An operator of a model format that can be read.
public struct SupportedOperator: Hashable, Sendable {
  /// What the format calls it: `CONV_2D`.
  public var name: String
  /// What the reader refuses of it, or its users should know; empty if there is nothing.
  public var note: String

  /// Describes one operator.
  public init(name: String, note: String) {
    self.name = name
    self.note = note
  }
}
