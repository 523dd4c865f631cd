// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// How a step's accumulators become outputs (Docs/spec/blob-format.md, "Rounding").
public enum Requantization: String, Sendable, Codable, CaseIterable {
  /// Two roundings, as TensorFlow Lite Micro's reference kernels do it.
  case exact
  /// One multiplication and no rounding, proved to give what the blob's rounding gives for every
  /// accumulator that can occur.
  case line
  /// One rounding.
  case fast

  /// The number that stands for it in a step's flags.
  var code: Int {
    switch self {
    case .exact: Int(SHUNT_REQUANTIZE_EXACT.rawValue)
    case .line: Int(SHUNT_REQUANTIZE_LINE.rawValue)
    case .fast: Int(SHUNT_REQUANTIZE_FAST.rawValue)
    }
  }

  /// The form with this number; `nil` if there is none.
  init?(code: Int) {
    guard let form = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = form
  }
}
