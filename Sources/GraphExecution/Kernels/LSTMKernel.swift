// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// A long short-term memory; see ``LSTMAttributes`` for what it computes.
struct LSTMKernel: Kernel {
  private let attributes: LSTMAttributes
  private let input: TensorSlot
  private let inputWeights: [TensorSlot]
  private let recurrentWeights: [TensorSlot]
  private let biases: [TensorSlot]
  private let hiddenState: TensorSlot
  private let cellState: TensorSlot
  private let output: TensorSlot
  private let units: Int
  private let features: Int

  init(_ view: OperatorView, _ attributes: LSTMAttributes) throws(GraphExecutionError) {
    typealias Operand = LSTMAttributes.Operand
    self.attributes = attributes
    input = try view.floatInput(Operand.input)
    inputWeights = try Self.gates(view, Operand.inputWeights)
    recurrentWeights = try Self.gates(view, Operand.recurrentWeights)
    biases = try Self.gates(view, Operand.biases)
    hiddenState = try view.floatInput(Operand.hiddenState)
    cellState = try view.floatInput(Operand.cellState)
    output = try view.floatOutput()
    units = output.shape[2]
    features = input.shape[2]
  }

  private static func gates(
    _ view: OperatorView, _ first: Int
  ) throws(GraphExecutionError) -> [TensorSlot] {
    var result: [TensorSlot] = []
    for gate in 0..<LSTMAttributes.gateCount { result.append(try view.floatInput(first + gate)) }
    return result
  }

  var scratchByteCount: Int { 4 * LSTMAttributes.gateCount * units }

  func run(_ memory: TensorMemory) {
    let (times, batches) =
      attributes.isTimeMajor
      ? (input.shape[0], input.shape[1]) : (input.shape[1], input.shape[0])
    for batch in 0..<batches {
      let hidden = memory.floats(hiddenState) + batch * units
      let cell = memory.floats(cellState) + batch * units
      for time in 0..<times {
        let row = attributes.isTimeMajor ? time * batches + batch : batch * times + time
        step(memory, memory.floats(input) + row * features, hidden, cell)
        (memory.floats(output) + row * units).update(from: hidden, count: units)
      }
    }
  }

  private func step(
    _ memory: TensorMemory, _ row: UnsafeMutablePointer<Float>,
    _ hidden: UnsafeMutablePointer<Float>, _ cell: UnsafeMutablePointer<Float>
  ) {
    for gate in 0..<LSTMAttributes.gateCount {
      let sums = memory.scratchFloats(at: gate * units)
      sums.update(from: memory.floats(biases[gate]), count: units)
      MatrixProduct.multiply(
        memory.floats(inputWeights[gate]), by: row, sums, rows: units, columns: features,
        accumulates: true)
      MatrixProduct.multiply(
        memory.floats(recurrentWeights[gate]), by: hidden, sums, rows: units, columns: units,
        accumulates: true)
    }
    let gates = memory.scratchFloats()
    for unit in 0..<units {
      let (i, f) = (logistic(gates[unit]), logistic(gates[units + unit]))
      let (g, o) = (tanh(gates[2 * units + unit]), logistic(gates[3 * units + unit]))
      cell[unit] = clipped(f * cell[unit] + i * g)
      hidden[unit] = o * tanh(cell[unit])
    }
  }

  private func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  private func clipped(_ x: Float) -> Float {
    attributes.cellClip > 0 ? max(-attributes.cellClip, min(attributes.cellClip, x)) : x
  }
}
