// SPDX-License-Identifier: Apache-2.0

/// What a pass did to a graph.
public struct PassApplication: Sendable, Hashable, Codable {
  /// The pass.
  public var name: String
  /// What it does, in one sentence.
  public var summary: String
  /// How many places it changed.
  public var rewrites: Int

  /// Makes a record.
  public init(name: String, summary: String, rewrites: Int) {
    self.name = name
    self.summary = summary
    self.rewrites = rewrites
  }
}
