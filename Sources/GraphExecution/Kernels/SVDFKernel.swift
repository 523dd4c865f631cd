// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A layer of factored filters; see ``SVDFAttributes``.
struct SVDFKernel: Kernel {
  private let input: TensorSlot
  private let features: TensorSlot
  private let times: TensorSlot
  private let state: TensorSlot
  private let bias: TensorSlot?
  private let output: TensorSlot
  private let rank: Int
  private let limits: ValueLimits

  init(_ view: OperatorView, _ attributes: SVDFAttributes) throws(GraphExecutionError) {
    input = try view.floatInput(0)
    features = try view.floatInput(1)
    times = try view.floatInput(2)
    state = try view.floatInput(3)
    bias = try view.optionalFloatInput(4)
    output = try view.floatOutput()
    rank = attributes.rank
    limits = ValueLimits(attributes.activation)
  }

  var scratchByteCount: Int { 4 * features.shape[0] }

  func run(_ memory: TensorMemory) {
    let (filters, inputs, length) = (features.shape[0], features.shape[1], times.shape[1])
    let newest = memory.scratchFloats()
    for batch in 0..<input.shape[0] {
      MatrixProduct.multiply(
        memory.floats(features), by: memory.floats(input) + batch * inputs, newest, rows: filters,
        columns: inputs)
      let states = memory.floats(state) + batch * filters * length
      let result = memory.floats(output) + batch * (filters / rank)
      result.update(repeating: 0, count: filters / rank)
      for filter in 0..<filters {
        let state = states + filter * length
        state.update(from: state + 1, count: length - 1)
        state[length - 1] = newest[filter]
        let weights = memory.floats(times) + filter * length
        for index in 0..<length { result[filter / rank] += state[index] * weights[index] }
      }
    }
    limits.finish(
      memory.floats(output), bias: bias.map { memory.floats($0) }, rows: input.shape[0],
      columns: filters / rank)
  }
}
