// SPDX-License-Identifier: Apache-2.0

/// Where a figure comes from. Every figure that Shunt states carries one.
public enum Origin: String, Codable, Sendable, CaseIterable {
  /// By an instrument, or by a real board's timer.
  case measured
  /// Exact: instructions executed under emulation, bytes of a plan or of a linked image, right
  /// answers.
  case counted
  /// Computed by a cost model, which is named, with its stated error.
  case modelled
}
