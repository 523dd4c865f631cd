// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Running sums along a dimension.
struct CumulativeSumKernel: Kernel {
  private let input: TensorSlot
  private let output: TensorSlot
  private let walk: AxisWalk
  private let attributes: CumulativeSumAttributes

  init(_ view: OperatorView, _ attributes: CumulativeSumAttributes) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    output = try view.floatOutput()
    walk = AxisWalk(input.shape, axis: attributes.axis)
    self.attributes = attributes
  }

  func run(_ memory: TensorMemory) {
    for outer in 0..<walk.outer {
      let offset = outer * walk.extent * walk.inner
      for inner in 0..<walk.inner {
        sum(memory.floats(input) + offset + inner, into: memory.floats(output) + offset + inner)
      }
    }
  }

  private func sum(_ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>) {
    var sum: Float = 0
    for index in 0..<walk.extent {
      let place = (attributes.isReverse ? walk.extent - 1 - index : index) * walk.inner
      let value = x[place]
      y[place] = attributes.isExclusive ? sum : sum + value
      sum += value
    }
  }
}
