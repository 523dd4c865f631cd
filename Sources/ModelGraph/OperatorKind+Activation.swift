// SPDX-License-Identifier: Apache-2.0

extension OperatorKind {
  /// The activation fused into it; `nil` for kinds that have none.
  public var activation: Activation? {
    switch self {
    case .conv2D(let attributes): attributes.activation
    case .depthwiseConv2D(let attributes): attributes.activation
    case .fullyConnected(let attributes): attributes.activation
    case .transposeConv(let attributes): attributes.activation
    case .add(let activation): activation
    case .averagePool2D(let attributes), .maxPool2D(let attributes): attributes.activation
    case .binary(.subtract(let activation)), .binary(.multiply(let activation)),
      .binary(.divide(let activation)):
      activation
    default: nil
    }
  }

  /// The same kind with another activation; `nil` for kinds that have none.
  public func with(_ activation: Activation) -> OperatorKind? {
    switch self {
    case .conv2D(var attributes):
      attributes.activation = activation
      return .conv2D(attributes)
    case .depthwiseConv2D(var attributes):
      attributes.activation = activation
      return .depthwiseConv2D(attributes)
    case .fullyConnected(var attributes):
      attributes.activation = activation
      return .fullyConnected(attributes)
    case .transposeConv(var attributes):
      attributes.activation = activation
      return .transposeConv(attributes)
    case .add: return .add(activation)
    case .averagePool2D(var attributes):
      attributes.activation = activation
      return .averagePool2D(attributes)
    case .maxPool2D(var attributes):
      attributes.activation = activation
      return .maxPool2D(attributes)
    case .binary(.subtract): return .binary(.subtract(activation))
    case .binary(.multiply): return .binary(.multiply(activation))
    case .binary(.divide): return .binary(.divide(activation))
    default: return nil
    }
  }
}
