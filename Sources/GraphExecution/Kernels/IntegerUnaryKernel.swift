// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A function of each plain integer by itself, for those functions whose results are integers. What
/// leaves the type wraps.
struct IntegerUnaryKernel<Element: FixedWidthInteger & Sendable>: Kernel {
  private enum Function {
    case limit(ClosedRange<Element>)
    case absolute
    case negate
    case square
  }

  private let function: Function
  private let input: TensorSlot
  private let output: TensorSlot

  init(_ view: OperatorView, _ function: UnaryFunction) throws(GraphExecutionError) {
    input = try view.input(0)
    output = try view.output()
    switch function {
    case .relu: self.function = .limit(Activation.relu.limits(of: Element.self))
    case .relu6: self.function = .limit(Activation.relu6.limits(of: Element.self))
    case .reluN1To1: self.function = .limit(Activation.reluN1To1.limits(of: Element.self))
    case .relu0To1: self.function = .limit(0...1)
    case .absolute: self.function = .absolute
    case .negate: self.function = .negate
    case .square: self.function = .square
    case .floor, .ceiling, .round: self.function = .limit(.min ... .max)
    default: throw view.unsupportedType(input.elementType, "the input")
    }
  }

  func run(_ memory: TensorMemory) {
    let x = memory.elements(input, as: Element.self)
    let y = memory.elements(output, as: Element.self)
    for index in 0..<input.count {
      let value = x[index]
      switch function {
      case .limit(let range): y[index] = min(max(value, range.lowerBound), range.upperBound)
      case .absolute: y[index] = value < 0 ? 0 &- value : value
      case .negate: y[index] = 0 &- value
      case .square: y[index] = value &* value
      }
    }
  }
}
