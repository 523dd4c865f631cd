// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Compares two operands that broadcast; the truth values are bytes 0 and 1.
struct CompareKernel<Element: Comparable & Sendable>: Kernel {
  private let relation: Relation
  private let first: TensorSlot
  private let second: TensorSlot
  private let output: TensorSlot
  private let broadcast: Broadcast

  init(_ view: OperatorView, _ relation: Relation) throws(GraphExecutionError) {
    self.relation = relation
    first = try view.input(0)
    second = try view.input(1)
    output = try view.output()
    broadcast = Broadcast([first.shape, second.shape], output: output.shape)
  }

  func run(_ memory: TensorMemory) {
    let a = memory.elements(first, as: Element.self)
    let b = memory.elements(second, as: Element.self)
    let result = memory.elements(output, as: UInt8.self)
    switch relation {
    case .equal: broadcast.combine(a, b, into: result) { $0 == $1 ? 1 : 0 }
    case .notEqual: broadcast.combine(a, b, into: result) { $0 != $1 ? 1 : 0 }
    case .greater: broadcast.combine(a, b, into: result) { $0 > $1 ? 1 : 0 }
    case .greaterEqual: broadcast.combine(a, b, into: result) { $0 >= $1 ? 1 : 0 }
    case .less: broadcast.combine(a, b, into: result) { $0 < $1 ? 1 : 0 }
    case .lessEqual: broadcast.combine(a, b, into: result) { $0 <= $1 ? 1 : 0 }
    }
  }
}
