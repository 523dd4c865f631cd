// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Rows [..., k] by weights [m, k].
struct FullyConnectedKernel: Kernel {
  private let input: TensorSlot
  private let weights: TensorSlot
  private let bias: TensorSlot?
  private let output: TensorSlot
  private let limits: ValueLimits

  init(_ view: OperatorView, _ attributes: FullyConnectedAttributes) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    weights = try view.floatInput(1)
    bias = try view.optionalFloatInput(2)
    output = try view.floatOutput()
    limits = ValueLimits(attributes.activation)
  }

  var packing: FilterPacking? {
    guard input.count > weights.shape[1] else { return nil }
    return FilterPacking(filter: weights, inner: weights.shape[1], columns: weights.shape[0])
  }

  func run(_ memory: TensorMemory) {
    let (outputs, depth) = (weights.shape[0], weights.shape[1])
    let rows = input.count / depth
    let result = memory.floats(output)
    let bias = bias.map { memory.floats($0) }
    if rows == 1 {
      MatrixProduct.multiply(
        memory.floats(weights), by: memory.floats(input), result, rows: outputs, columns: depth)
      limits.finish(result, bias: bias, rows: 1, columns: outputs)
    } else {
      MatrixProduct.multiply(
        memory.floats(input), aStride: depth, packed: memory.packedFilter, result,
        resultStride: outputs, rows: rows, columns: outputs, inner: depth, bias: bias,
        limits: limits)
    }
  }
}
