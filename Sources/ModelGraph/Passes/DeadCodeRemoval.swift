// SPDX-License-Identifier: Apache-2.0

/// Removes operators on which no output depends, in this inference or through a variable in a later
/// one, and tensors that nothing mentions.
///
/// Inputs of the graph stay, used or not: they are its interface. Tensors are numbered anew;
/// operators keep their order and ``Operator/sourceIndices``.
public struct DeadCodeRemoval: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "dead-code-removal"
  /// See ``GraphPass/summary``.
  public let summary = "removes operators and tensors that no output depends on"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Removes what is dead, and counts operators.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    let count = graph.operators.count
    let live = Set(graph.operatorsInDependencyOrder())
    graph.operators = graph.operators.indices.filter(live.contains).map { graph.operators[$0] }
    removeUnmentionedTensors(&graph)
    return count - graph.operators.count
  }

  private func removeUnmentionedTensors(_ graph: inout Graph) {
    var isMentioned = [Bool](repeating: false, count: graph.tensors.count)
    for id in graph.inputs + graph.outputs { isMentioned[id.index] = true }
    for operation in graph.operators {
      for case let id? in operation.inputs { isMentioned[id.index] = true }
      for id in operation.outputs { isMentioned[id.index] = true }
    }
    var newIDs = [TensorID](repeating: TensorID(0), count: graph.tensors.count)
    var tensors: [Tensor] = []
    for (index, tensor) in graph.tensors.enumerated() where isMentioned[index] {
      newIDs[index] = TensorID(tensors.count)
      tensors.append(tensor)
    }
    graph.tensors = tensors
    graph.replaceTensorIDs { newIDs[$0.index] }
  }
}
