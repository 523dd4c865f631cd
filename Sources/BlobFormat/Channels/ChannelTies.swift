// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Which tensors can lose channels only together: those that operators read and write channel by channel.
struct ChannelTies {
  /// For each tensor the number of its group.
  let groups: [Int]
  /// Groups of which no channel can be taken out.
  let blocked: Set<Int>

  /// - Parameter layers: The operators that are layers, by position.
  init(_ graph: Graph, layers: [Int: ChannelLayer]) {
    var ties = DisjointSets(count: graph.tensors.count)
    var blocked = Set((graph.inputs + graph.outputs).map(\.index))
    for (index, tensor) in graph.tensors.enumerated()
    where tensor.isVariable || tensor.constant != nil {
      blocked.insert(index)
    }
    for (index, operation) in graph.operators.enumerated() {
      if let layer = layers[index] {
        if layer.isDepthwise { ties.join(layer.input.index, layer.output.index) }
      } else if let tied = Self.tied(operation, graph) {
        for tensor in tied.dropFirst() { ties.join(tied[0].index, tensor.index) }
      } else {
        blocked.formUnion((operation.inputs.compactMap { $0 } + operation.outputs).map(\.index))
      }
    }
    groups = graph.tensors.indices.map { ties.root(of: $0) }
    self.blocked = Set(blocked.map { ties.root(of: $0) })
  }

  /// The operands and results of an operator that computes each channel from the same ones of its
  /// operands; `nil` if it is none.
  private static func tied(_ operation: Operator, _ graph: Graph) -> [TensorID]? {
    guard let output = operation.outputs.first, operation.outputs.count == 1 else { return nil }
    let inputs: [TensorID?]
    switch operation.kind {
    case .averagePool2D, .maxPool2D, .unary, .quantize:
      inputs = operation.inputs
    case .reduce(let attributes):
      guard attributes.function == .mean, let input = operation.inputs.first ?? nil,
        !attributes.axes.contains(graph[input].shape.rank - 1)
      else { return nil }
      inputs = operation.inputs
    case .reshape:
      inputs = Array(operation.inputs.prefix(1))
    case .add, .binary:
      inputs = operation.inputs
      guard inputs.allSatisfy({ $0.map { graph[$0].shape } == graph[output].shape })
      else { return nil }
    default:
      return nil
    }
    let tensors = inputs.compactMap { $0 } + [output]
    let isTied = tensors.allSatisfy { id in
      let tensor = graph[id]
      return tensor.elementType == .int8 && tensor.constant == nil
        && tensor.quantization?.isPerTensor == true
        && tensor.shape.dimensions.last == graph[output].shape.dimensions.last
    }
    return isTied ? tensors : nil
  }
}
