// SPDX-License-Identifier: Apache-2.0

/// Where a figure comes from.
public enum FigureOrigin: String, Sendable, Codable {
  /// An instrument, or a real board's timer.
  case measured
  /// Executed instructions under emulation.
  case counted
  /// A cost model, which has an error.
  case modelled
}
