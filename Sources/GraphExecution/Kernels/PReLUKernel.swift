// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Multiplies negative elements by a factor that broadcasts.
struct PReLUKernel: Kernel {
  private let input: TensorSlot
  private let factor: TensorSlot
  private let output: TensorSlot
  private let broadcast: Broadcast

  init(_ view: OperatorView) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    factor = try view.floatInput(1)
    output = try view.floatOutput()
    broadcast = Broadcast([input.shape, factor.shape], output: output.shape)
  }

  func run(_ memory: TensorMemory) {
    broadcast.combine(
      memory.floats(input), memory.floats(factor), into: memory.floats(output)
    ) { $0 >= 0 ? $0 : $0 * $1 }
  }
}
