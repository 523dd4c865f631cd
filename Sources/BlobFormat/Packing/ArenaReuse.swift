// SPDX-License-Identifier: Apache-2.0

/// By which means tensors share bytes of the arena, from the plainest on; each includes those before it.
public enum ArenaReuse: String, Sendable, Codable, CaseIterable, Comparable {
  /// Tensors that are alive together lie apart, unless an output takes exactly the place of an input.
  case apart
  /// An output may lie over an input as far as its kernel has read it.
  case overlaps
  /// Chains of steps may be executed in bands of rows.
  case bands

  /// Whether `a` does without something that `b` uses.
  public static func < (a: ArenaReuse, b: ArenaReuse) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}
