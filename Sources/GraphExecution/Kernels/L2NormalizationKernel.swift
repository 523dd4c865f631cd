// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Divides each vector along the last dimension by its length, or by the reference's least divisor.
struct L2NormalizationKernel: Kernel {
  private static let leastLength: Float = 1e-6

  private let input: TensorSlot
  private let output: TensorSlot

  init(_ view: OperatorView) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    output = try view.floatOutput()
  }

  func run(_ memory: TensorMemory) {
    let length = input.shape.dimensions.last ?? 1
    var (x, y) = (memory.floats(input), memory.floats(output))
    for _ in 0..<(input.count / length) {
      var sum: Float = 0
      for index in 0..<length { sum += x[index] * x[index] }
      let norm = max(sum.squareRoot(), Self.leastLength)
      for index in 0..<length { y[index] = x[index] / norm }
      x += length
      y += length
    }
  }
}
