// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One operator of a verified graph, as the kernels' initializers ask for it.
struct OperatorView {
  let graph: Graph
  let index: Int

  var operation: Operator { graph.operators[index] }

  /// The input at `position`, of any type.
  func input(_ position: Int) throws(GraphExecutionError) -> TensorSlot {
    guard let slot = optionalInput(position) else {
      throw unsupported("input \(position) is missing", remedy: "export the model again")
    }
    return slot
  }

  /// The input at `position`, if it is there.
  func optionalInput(_ position: Int) -> TensorSlot? {
    guard operation.inputs.indices.contains(position), let id = operation.inputs[position] else {
      return nil
    }
    return TensorSlot(id, of: graph)
  }

  /// All inputs, none of which may be left out.
  func inputs() throws(GraphExecutionError) -> [TensorSlot] {
    var result: [TensorSlot] = []
    for position in operation.inputs.indices { result.append(try input(position)) }
    return result
  }

  /// The output at `position`, of any type.
  func output(_ position: Int = 0) throws(GraphExecutionError) -> TensorSlot {
    guard operation.outputs.indices.contains(position) else {
      throw unsupported("output \(position) is missing", remedy: "export the model again")
    }
    return TensorSlot(operation.outputs[position], of: graph)
  }

  /// All outputs.
  var outputs: [TensorSlot] { operation.outputs.map { TensorSlot($0, of: graph) } }

  /// The input at `position`, which must be float32.
  func floatInput(_ position: Int) throws(GraphExecutionError) -> TensorSlot {
    try float(try input(position), "input \(position)")
  }

  /// The input at `position`, if it is there, which must be float32.
  func optionalFloatInput(_ position: Int) throws(GraphExecutionError) -> TensorSlot? {
    guard optionalInput(position) != nil else { return nil }
    return try floatInput(position)
  }

  /// The output at `position`, which must be float32.
  func floatOutput(_ position: Int = 0) throws(GraphExecutionError) -> TensorSlot {
    try float(try output(position), "output \(position)")
  }

  /// The error that this operator is not executed.
  func unsupported(_ reason: String, remedy: String) -> GraphExecutionError {
    .unsupportedOperator(
      index: operation.sourceIndices.first ?? index, kind: operation.kind.label,
      name: operation.name, reason: reason, remedy: remedy)
  }

  /// The error that no kernel takes a type.
  func unsupportedType(_ type: ElementType, _ role: String) -> GraphExecutionError {
    unsupported(
      "\(role) is \(type.rawValue), which float inference does not compute with",
      remedy: "export the model as float32")
  }

  private func float(
    _ slot: TensorSlot, _ role: String
  ) throws(GraphExecutionError) -> TensorSlot {
    guard slot.elementType == .float32 else { throw unsupportedType(slot.elementType, role) }
    return slot
  }
}
