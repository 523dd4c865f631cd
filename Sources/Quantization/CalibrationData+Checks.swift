// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

extension CalibrationData {
  /// Requires as many finite values as the inputs of a network need.
  func check(against graph: Graph) throws(QuantizationError) {
    guard rowCount >= 1 else { throw .noCalibrationRows }
    guard inputs.count == graph.inputs.count else {
      throw .calibrationInputs(expected: graph.inputs.count, found: inputs.count)
    }
    for (port, input) in graph.inputs.enumerated() {
      let count = graph[input].shape.elementCount
      let (expected, overflow) = count.multipliedReportingOverflow(by: rowCount)
      guard !overflow, inputs[port].count == expected else {
        throw .calibrationSize(
          input: graph[input].name, expected: count, found: inputs[port].count, rows: rowCount)
      }
      if let index = inputs[port].firstIndex(where: { !$0.isFinite }) {
        throw .calibrationNotFinite(input: graph[input].name, row: index / count)
      }
    }
  }
}
