// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// Softmax over the last dimension, or its logarithm.
struct SoftmaxKernel: Kernel {
  private let input: TensorSlot
  private let output: TensorSlot
  private let beta: Float
  private let isLogarithmic: Bool

  init(
    _ view: OperatorView, beta: Float, isLogarithmic: Bool
  ) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    output = try view.floatOutput()
    self.beta = beta
    self.isLogarithmic = isLogarithmic
  }

  func run(_ memory: TensorMemory) {
    let length = input.shape.dimensions.last ?? 1
    var (x, y) = (memory.floats(input), memory.floats(output))
    for _ in 0..<(input.count / length) {
      isLogarithmic ? logSoftmax(x, y, length) : softmax(x, y, length)
      x += length
      y += length
    }
  }

  private func softmax(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ length: Int
  ) {
    let largest = largest(x, length)
    var sum: Float = 0
    for index in 0..<length {
      y[index] = exp((x[index] - largest) * beta)
      sum += y[index]
    }
    for index in 0..<length { y[index] /= sum }
  }

  private func logSoftmax(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ length: Int
  ) {
    let largest = largest(x, length)
    var sum: Float = 0
    for index in 0..<length { sum += exp(x[index] - largest) }
    let logarithm = log(sum)
    for index in 0..<length { y[index] = x[index] - largest - logarithm }
  }

  private func largest(_ x: UnsafeMutablePointer<Float>, _ length: Int) -> Float {
    var result = x[0]
    for index in 0..<length where x[index] > result { result = x[index] }
    return result
  }
}
