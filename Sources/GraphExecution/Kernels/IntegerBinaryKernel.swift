// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Arithmetic of two plain integer operands that broadcast. What leaves the type wraps; a quotient is
/// rounded towards 0, and 0 where the divisor is.
struct IntegerBinaryKernel<Element: FixedWidthInteger & Sendable>: Kernel {
  private let function: BinaryOperation
  private let first: TensorSlot
  private let second: TensorSlot
  private let output: TensorSlot
  private let broadcast: Broadcast
  private let limits: ClosedRange<Element>

  init(
    _ view: OperatorView, _ function: BinaryOperation, _ activation: Activation
  ) throws(GraphExecutionError) {
    self.function = function
    first = try view.input(0)
    second = try view.input(1)
    output = try view.output()
    broadcast = Broadcast([first.shape, second.shape], output: output.shape)
    limits = activation.limits(of: Element.self)
  }

  func run(_ memory: TensorMemory) {
    let a = memory.elements(first, as: Element.self)
    let b = memory.elements(second, as: Element.self)
    let result = memory.elements(output, as: Element.self)
    switch function {
    case .add: broadcast.combine(a, b, into: result) { $0 &+ $1 }
    case .subtract: broadcast.combine(a, b, into: result) { $0 &- $1 }
    case .multiply: broadcast.combine(a, b, into: result) { $0 &* $1 }
    case .divide:
      broadcast.combine(a, b, into: result) {
        $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue
      }
    case .maximum: broadcast.combine(a, b, into: result) { max($0, $1) }
    case .minimum: broadcast.combine(a, b, into: result) { min($0, $1) }
    case .squaredDifference:
      broadcast.combine(a, b, into: result) { ($0 &- $1) &* ($0 &- $1) }
    }
    for index in 0..<output.count {
      result[index] = min(max(result[index], limits.lowerBound), limits.upperBound)
    }
  }
}

extension Activation {
  /// The integers to which it limits a type.
  func limits<Element: FixedWidthInteger>(of type: Element.Type) -> ClosedRange<Element> {
    let lower = bounds.lower.map { Element(clamping: Int($0)) } ?? .min
    let upper = bounds.upper.map { Element(clamping: Int($0)) } ?? .max
    return lower...upper
  }
}
