// SPDX-License-Identifier: Apache-2.0

/// An arithmetic function of two operands that broadcast to one shape.
///
/// Sums stand apart, as ``OperatorKind/add(_:)``.
public enum BinaryFunction: Hashable, Sendable {
  /// The difference, and its activation.
  case subtract(Activation)
  /// The product, and its activation.
  case multiply(Activation)
  /// The quotient, and its activation.
  case divide(Activation)
  /// The larger one. Both operands and the result have one scale.
  case maximum
  /// The smaller one. Both operands and the result have one scale.
  case minimum
  /// The square of the difference.
  case squaredDifference

  /// The field's name for it: `sub`.
  public var label: String {
    switch self {
    case .subtract: "sub"
    case .multiply: "mul"
    case .divide: "div"
    case .maximum: "maximum"
    case .minimum: "minimum"
    case .squaredDifference: "squared_difference"
    }
  }

  /// The activation fused into it.
  public var activation: Activation {
    switch self {
    case .subtract(let activation), .multiply(let activation), .divide(let activation): activation
    case .maximum, .minimum, .squaredDifference: .none
    }
  }
}
