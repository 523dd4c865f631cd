// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// A conversion that the host makes at the model's edge, outside the blob's arithmetic.
public enum HostOperation: String, Sendable, Codable, CaseIterable {
  /// The user sees the tensor as it is.
  case none
  /// Input: the user hands over float32, the host quantizes with the tensor's scale.
  case quantize
  /// Output: the host dequantizes, the user gets float32.
  case dequantize

  /// The number that stands for it in a blob.
  var code: Int {
    switch self {
    case .none: Int(SHUNT_HOST_NONE.rawValue)
    case .quantize: Int(SHUNT_HOST_QUANTIZE.rawValue)
    case .dequantize: Int(SHUNT_HOST_DEQUANTIZE.rawValue)
    }
  }

  /// The operation with this number; `nil` if there is none.
  init?(code: Int) {
    guard let operation = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = operation
  }
}
