// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Takes elements of so many bits as `Element` has from one operand or the other.
struct SelectKernel<Element: FixedWidthInteger & Sendable>: Kernel {
  private let condition: TensorSlot
  private let first: TensorSlot
  private let second: TensorSlot
  private let output: TensorSlot
  private let broadcast: Broadcast

  init(_ view: OperatorView) throws(GraphExecutionError) {
    condition = try view.input(0)
    first = try view.input(1)
    second = try view.input(2)
    output = try view.output()
    broadcast = Broadcast(
      [condition.shape, first.shape, second.shape], output: output.shape)
  }

  func run(_ memory: TensorMemory) {
    let steps = broadcast.rowSteps
    var result = memory.elements(output, as: Element.self)
    for row in 0..<broadcast.rowCount {
      let offsets = broadcast.offsets(ofRow: row)
      let condition = memory.elements(condition, as: UInt8.self) + offsets[0]
      let first = memory.elements(first, as: Element.self) + offsets[1]
      let second = memory.elements(second, as: Element.self) + offsets[2]
      for index in 0..<broadcast.rowLength {
        result[index] =
          condition[index * steps[0]] != 0 ? first[index * steps[1]] : second[index * steps[2]]
      }
      result += broadcast.rowLength
    }
  }
}
