// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A function of truth values that broadcast.
struct LogicalKernel: Kernel {
  private let function: LogicalFunction
  private let first: TensorSlot
  private let second: TensorSlot
  private let output: TensorSlot
  private let broadcast: Broadcast

  init(_ view: OperatorView, _ function: LogicalFunction) throws(GraphExecutionError) {
    self.function = function
    first = try view.input(0)
    second = function.operandCount > 1 ? try view.input(1) : first
    output = try view.output()
    broadcast = Broadcast([first.shape, second.shape], output: output.shape)
  }

  func run(_ memory: TensorMemory) {
    let a = memory.elements(first, as: UInt8.self)
    let b = memory.elements(second, as: UInt8.self)
    let result = memory.elements(output, as: UInt8.self)
    switch function {
    case .and: broadcast.combine(a, b, into: result) { $0 != 0 && $1 != 0 ? 1 : 0 }
    case .or: broadcast.combine(a, b, into: result) { $0 != 0 || $1 != 0 ? 1 : 0 }
    case .not: broadcast.combine(a, b, into: result) { value, _ in value == 0 ? 1 : 0 }
    }
  }
}
