// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// How accumulators become int8 (Docs/spec/blob-format.md, "Rounding").
public enum Rounding: String, Sendable, Codable, CaseIterable {
  /// TensorFlow Lite Micro's reference kernels, bit for bit.
  case exact
  /// One arithmetic on all cores, with a single rounding.
  case fast

  /// The number that stands for it in a blob.
  public var code: Int {
    switch self {
    case .exact: Int(SHUNT_ROUNDING_EXACT.rawValue)
    case .fast: Int(SHUNT_ROUNDING_FAST.rawValue)
    }
  }

  /// The mode with this number; `nil` if there is none.
  public init?(code: Int) {
    guard let mode = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = mode
  }
}
