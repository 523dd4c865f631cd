// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// A function of each float by itself.
struct FloatUnaryKernel: Kernel {
  private let function: UnaryFunction
  private let input: TensorSlot
  private let output: TensorSlot

  init(_ view: OperatorView, _ function: UnaryFunction) throws(GraphExecutionError) {
    self.function = function
    input = try view.floatInput(0)
    output = try view.floatOutput()
  }

  func run(_ memory: TensorMemory) {
    let (x, y) = (memory.floats(input), memory.floats(output))
    switch function {
    case .logistic: map(x, y) { 1 / (1 + exp(-$0)) }
    case .tanh: map(x, y) { tanh($0) }
    case .relu: limit(x, y, 0, .infinity)
    case .relu6: limit(x, y, 0, 6)
    case .reluN1To1: limit(x, y, -1, 1)
    case .relu0To1: limit(x, y, 0, 1)
    case .hardSwish:
      let limits = ValueLimits(lower: 0, upper: 6)
      map(x, y) { $0 * limits($0 + 3) * (1 / 6) }
    case .leakyReLU(let alpha): map(x, y) { $0 >= 0 ? $0 : alpha * $0 }
    case .elu: map(x, y) { $0 >= 0 ? $0 : expm1($0) }
    case .absolute: map(x, y) { abs($0) }
    case .negate: map(x, y) { -$0 }
    case .rsqrt: map(x, y) { 1 / $0.squareRoot() }
    case .squareRoot: map(x, y) { $0.squareRoot() }
    case .square: map(x, y) { $0 * $0 }
    case .exponential: map(x, y) { exp($0) }
    case .logarithm: map(x, y) { log($0) }
    case .sine: map(x, y) { sin($0) }
    case .cosine: map(x, y) { cos($0) }
    case .floor: map(x, y) { $0.rounded(.down) }
    case .ceiling: map(x, y) { $0.rounded(.up) }
    case .round: map(x, y) { $0.rounded(.toNearestOrEven) }
    case .gelu(let approximate): gelu(x, y, approximate: approximate)
    }
  }

  private func gelu(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, approximate: Bool
  ) {
    if approximate {
      let factor = Float((2 / Double.pi).squareRoot())
      map(x, y) { 0.5 * $0 * (1 + tanh(factor * ($0 + 0.044715 * $0 * $0 * $0))) }
    } else {
      // The complement keeps the digits of small results, which 1 + erf would cancel.
      map(x, y) { 0.5 * $0 * erfc(-$0 * Float(0.5).squareRoot()) }
    }
  }

  @inline(__always)
  private func limit(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ lower: Float,
    _ upper: Float
  ) {
    let limits = ValueLimits(lower: lower, upper: upper)
    map(x, y) { limits($0) }
  }

  @inline(__always)
  private func map(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ function: (Float) -> Float
  ) {
    for index in 0..<input.count { y[index] = function(x[index]) }
  }
}
