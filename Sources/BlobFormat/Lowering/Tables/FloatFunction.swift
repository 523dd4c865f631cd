// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// Functions of one operand in float32, for the tables of what a model computes between DEQUANTIZE and
/// QUANTIZE.
///
/// Where C has no exact answer the function is computed in double precision and rounded once, so that a
/// blob does not depend on the machine that packs it.
extension UnaryFunction {
  /// The function's value.
  func real(_ x: Float) -> Float {
    switch self {
    case .logistic: Float(1 / (1 + exp(-Double(x))))
    case .tanh: Float(Foundation.tanh(Double(x)))
    case .relu: max(x, 0)
    case .relu6: min(max(x, 0), 6)
    case .reluN1To1: min(max(x, -1), 1)
    case .relu0To1: min(max(x, 0), 1)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .leakyReLU(let alpha): x > 0 ? x : x * alpha
    case .elu: x < 0 ? Float(expm1(Double(x))) : x
    case .absolute: abs(x)
    case .negate: -x
    case .rsqrt: 1 / x.squareRoot()
    case .squareRoot: x.squareRoot()
    case .square: x * x
    case .exponential: Float(exp(Double(x)))
    case .logarithm: Float(log(Double(x)))
    case .sine: Float(sin(Double(x)))
    case .cosine: Float(cos(Double(x)))
    case .floor: x.rounded(.down)
    case .ceiling: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .gelu(let approximate): Self.gaussianUnit(x, approximate)
    }
  }

  private static func gaussianUnit(_ x: Float, _ approximate: Bool) -> Float {
    let x = Double(x)
    guard approximate else { return Float(0.5 * x * erfc(-x * 0.5.squareRoot())) }
    let scale = (2 / Double.pi).squareRoot()
    return Float(0.5 * x * (1 + Foundation.tanh(scale * (x + 0.044715 * x * x * x))))
  }
}
