// SPDX-License-Identifier: Apache-2.0

/// A function of one operand, applied to each element by itself.
public enum UnaryFunction: Hashable, Sendable {
  /// 1 / (1 + exp(-x))
  case logistic
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x)
  case relu
  /// min(max(0, x), 6)
  case relu6
  /// min(max(-1, x), 1)
  case reluN1To1
  /// min(max(0, x), 1)
  case relu0To1
  /// x * min(max(0, x + 3), 6) / 6
  case hardSwish
  /// x where it is not negative, `alpha` times x elsewhere.
  case leakyReLU(alpha: Float)
  /// x where it is not negative, exp(x) - 1 elsewhere.
  case elu
  /// |x|
  case absolute
  /// -x
  case negate
  /// 1 / sqrt(x)
  case rsqrt
  /// sqrt(x)
  case squareRoot
  /// x * x
  case square
  /// exp(x)
  case exponential
  /// The natural logarithm.
  case logarithm
  /// sin(x)
  case sine
  /// cos(x)
  case cosine
  /// The largest integer that is not above x.
  case floor
  /// The smallest integer that is not below x.
  case ceiling
  /// The nearest integer, the even one of two.
  case round
  /// x times the normal distribution's probability of less than x; `approximate` takes a hyperbolic
  /// tangent for that.
  case gelu(approximate: Bool)

  /// The field's name for it: `logistic`.
  public var label: String {
    switch self {
    case .logistic: "logistic"
    case .tanh: "tanh"
    case .relu: "relu"
    case .relu6: "relu6"
    case .reluN1To1: "relu_n1_to_1"
    case .relu0To1: "relu_0_to_1"
    case .hardSwish: "hard_swish"
    case .leakyReLU: "leaky_relu"
    case .elu: "elu"
    case .absolute: "abs"
    case .negate: "neg"
    case .rsqrt: "rsqrt"
    case .squareRoot: "sqrt"
    case .square: "square"
    case .exponential: "exp"
    case .logarithm: "log"
    case .sine: "sin"
    case .cosine: "cos"
    case .floor: "floor"
    case .ceiling: "ceil"
    case .round: "round"
    case .gelu: "gelu"
    }
  }
}
