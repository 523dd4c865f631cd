// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One operator of the graph while it is written.
struct TFLiteNode {
  /// Its position in the graph.
  let index: Int
  /// The operator.
  let operation: Operator
  /// Tensor numbers of its inputs, -1 where one is left out.
  var inputs: [Int]
  /// Tensor numbers of its outputs.
  var outputs: [Int]

  init(index: Int, operation: Operator) {
    self.index = index
    self.operation = operation
    inputs = operation.inputs.map { $0?.index ?? -1 }
    outputs = operation.outputs.map(\.index)
  }

  /// A name for a constant that this operator needs.
  func name(_ role: String) -> String { "\(operation.name)/\(role)" }

  /// The record of an operator that takes the graph's operands as they are.
  func record(
    _ code: Int, version: Int = 1, options: UInt8? = nil, _ fields: [Int: FlatValue] = [:]
  ) -> TFLiteOperatorRecord {
    TFLiteOperatorRecord(
      code, version: version, options: options, fields, inputs: inputs, outputs: outputs)
  }

  /// The error that the format cannot say this.
  func unsupported(_ reason: String, remedy: String) -> ModelExportError {
    .unsupportedOperator(
      index: index, kind: operation.kind.label, name: operation.name, reason: reason,
      remedy: remedy)
  }
}
