// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Arithmetic of two float operands that broadcast, and their activation.
struct FloatBinaryKernel: Kernel {
  private let function: BinaryOperation
  private let first: TensorSlot
  private let second: TensorSlot
  private let output: TensorSlot
  private let broadcast: Broadcast
  private let limits: ValueLimits

  init(
    _ view: OperatorView, _ function: BinaryOperation, _ activation: Activation
  ) throws(GraphExecutionError) {
    self.function = function
    first = try view.floatInput(0)
    second = try view.floatInput(1)
    output = try view.floatOutput()
    broadcast = Broadcast([first.shape, second.shape], output: output.shape)
    limits = ValueLimits(activation)
  }

  func run(_ memory: TensorMemory) {
    let (a, b) = (memory.floats(first), memory.floats(second))
    let result = memory.floats(output)
    switch function {
    case .add: broadcast.combine(a, b, into: result) { $0 + $1 }
    case .subtract: broadcast.combine(a, b, into: result) { $0 - $1 }
    case .multiply: broadcast.combine(a, b, into: result) { $0 * $1 }
    case .divide: broadcast.combine(a, b, into: result) { $0 / $1 }
    case .maximum: broadcast.combine(a, b, into: result) { $1 > $0 || $1 != $1 ? $1 : $0 }
    case .minimum: broadcast.combine(a, b, into: result) { $1 < $0 || $1 != $1 ? $1 : $0 }
    case .squaredDifference:
      broadcast.combine(a, b, into: result) {
        let difference = $0 - $1
        return difference * difference
      }
    }
    limits.finish(result, bias: nil, rows: 1, columns: output.count)
  }
}
