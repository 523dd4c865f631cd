// SPDX-License-Identifier: Apache-2.0

/// An activation fused into an operator.
public enum Activation: String, Hashable, Sendable, Codable {
  /// Leaves every value as it is.
  case none
  /// max(0, x)
  case relu
  /// min(max(0, x), 6)
  case relu6
  /// min(max(-1, x), 1)
  case reluN1To1

  /// The interval to which it limits reals; `nil` where it does not.
  public var bounds: (lower: Float?, upper: Float?) {
    switch self {
    case .none: (nil, nil)
    case .relu: (0, nil)
    case .relu6: (0, 6)
    case .reluN1To1: (-1, 1)
    }
  }
}
