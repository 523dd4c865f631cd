// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Variables: tensors of the state region.
///
/// A value that is read is a view of its variable, unless it is needed after the variable has changed: then
/// it is a copy. An assignment is a copy, unless the step that computes the value can write it into the
/// variable at once.
extension Lowering {
  /// Gives every variable that operators use its place in the state region.
  mutating func declareVariables() {
    var known = Set<TensorID>()
    for operation in graph.operators {
      for case let input? in operation.inputs
      where graph[input].isVariable && !streams.variables.contains(input)
        && known.insert(input).inserted
      {
        result.state.append(
          LoweredGraph.StateTensor(tensor: input, initialValue: graph[input].initialValue ?? []))
      }
    }
  }

  /// Adds a tensor that the graph does not have.
  mutating func addTensor(_ tensor: Tensor) -> TensorID {
    result.addTensor(tensor)
  }

  mutating func lowerRead(_ operands: OperandReader, at index: Int) throws(BlobFormatError) {
    let variable = try operands.tensor(0)
    let value = try operands.output()
    if variables.copiedReads.contains(index) {
      append(operands.copy(variable, to: value, bytes: graph[value].byteCount))
    } else {
      view(variable, as: value, sources: operands.node.sourceIndices)
    }
  }

  mutating func lowerAssign(_ operands: OperandReader, at index: Int) throws(BlobFormatError) {
    let variable = try operands.tensor(0)
    let value = try operands.tensor(1)
    noteStaleReads(of: variable, at: index)
    if let step = stepThatCanWrite(value, into: variable) {
      let root = result.storage[value.index]
      for tensor in result.storage.indices where result.storage[tensor] == root {
        result.storage[tensor] = variable.index
      }
      producer[variable.index] = step
      result.steps[step].sources += operands.node.sourceIndices
    } else if result.storage[value.index] != variable.index {
      append(operands.copy(value, to: variable, bytes: graph[value].byteCount))
    }
  }

  /// Notes the reads of a variable, before operator `index` writes it, whose values are needed afterwards.
  mutating func noteStaleReads(of variable: TensorID, at index: Int) {
    let views = Set(
      result.storage.indices.filter { result.storage[$0] == variable.index && $0 != variable.index }
    )
    let isNeeded =
      graphOutputs.contains { views.contains($0.index) }
      || graph.operators[(index + 1)...].contains { operation in
        operation.inputs.contains { $0.map { views.contains($0.index) } ?? false }
      }
    guard isNeeded else { return }
    variables.staleReads.formUnion((variables.reads[variable] ?? []).filter { $0 < index })
  }

  /// The step that computes `value`, if it may write it into `variable` at once: nobody reads the variable's
  /// old value from that step on, and nobody else writes it.
  private func stepThatCanWrite(_ value: TensorID, into variable: TensorID) -> Int? {
    let root = result.storage[value.index]
    guard let step = producer[root], variables.writers[variable]?.count == 1,
      graph[variable].byteCount == result.graph.tensors[root].byteCount,
      !result.isState(value),
      !graphOutputs.contains(where: { result.storage[$0.index] == root })
    else { return nil }
    func uses(_ tensors: [TensorID], _ storage: Int) -> [Int] {
      tensors.indices.filter { result.storage[tensors[$0].index] == storage }
    }
    let writes = result.steps.filter { !uses($0.outputs, root).isEmpty }
    let isReadLater = result.steps[(step + 1)...].contains {
      !uses($0.inputs, variable.index).isEmpty
    }
    let own = uses(result.steps[step].inputs, variable.index)
    guard writes.count == 1, !isReadLater,
      own.isEmpty
        || own.count == 1 && result.steps[step].inPlaceInputs.contains(own[0])
          && result.steps[step].outputs.count == 1
    else { return nil }
    return step
  }

  /// An output that outlives the run as state is handed to the caller as a copy.
  mutating func copiedFromState(_ tensor: TensorID) -> TensorID {
    guard result.isState(tensor) else { return tensor }
    var copy = result.graph[tensor]
    copy.isVariable = false
    copy.initialValue = nil
    let id = addTensor(copy)
    append(
      LoweredStep(
        name: copy.name, kernel: .copy, inputs: [tensor], outputs: [id],
        parameters: ParameterImage(
          shunt_copy_params_t(bytes: UInt32(copy.byteCount), reserved: 0)), sources: []))
    return id
  }
}
