// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The place of the first largest or smallest element along a dimension, as int32 or int64.
struct ArgMaxKernel<Index: FixedWidthInteger & Sendable>: Kernel {
  private let input: TensorSlot
  private let output: TensorSlot
  private let walk: AxisWalk
  private let findsMinimum: Bool

  init(_ view: OperatorView, _ attributes: ArgMaxAttributes) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    output = try view.output()
    walk = AxisWalk(input.shape, axis: attributes.axis)
    findsMinimum = attributes.findsMinimum
  }

  func run(_ memory: TensorMemory) {
    var target = memory.elements(output, as: Index.self)
    for outer in 0..<walk.outer {
      let block = memory.floats(input) + outer * walk.extent * walk.inner
      for inner in 0..<walk.inner {
        target[0] = Index(truncatingIfNeeded: place(block + inner))
        target += 1
      }
    }
  }

  private func place(_ values: UnsafeMutablePointer<Float>) -> Int {
    var (result, best) = (0, values[0])
    for index in 1..<max(1, walk.extent) {
      let value = values[index * walk.inner]
      if findsMinimum ? value < best : value > best { (result, best) = (index, value) }
    }
    return result
  }
}
