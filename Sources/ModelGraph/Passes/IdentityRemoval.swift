// SPDX-License-Identifier: Apache-2.0

/// Removes operators whose output equals their input in shape, type and scale, bit for bit: reshapes
/// to the same shape, and quantizing between equal scales.
///
/// An operator stays if its input or output belongs to the graph's interface. What it stood for in the
/// model file goes to the operator that computes its input.
public struct IdentityRemoval: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "identity-removal"
  /// See ``GraphPass/summary``.
  public let summary = "removes reshapes and quantizations that change nothing"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Removes what changes nothing.
  public func run(_ graph: inout Graph) throws(ModelGraphError) {
    let interface = Set(graph.outputs)
    var producers: [TensorID: Int] = [:]
    var replacement: [TensorID: TensorID] = [:]
    var kept: [Operator] = []
    for var operation in graph.operators {
      operation.inputs = operation.inputs.map { $0.map { replacement[$0] ?? $0 } }
      if let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
        Self.isIdentity(operation, graph), !interface.contains(output),
        let producer = producers[input]
      {
        replacement[output] = input
        kept[producer].sourceIndices += operation.sourceIndices
        continue
      }
      for output in operation.outputs { producers[output] = kept.count }
      kept.append(operation)
    }
    graph.operators = kept
  }

  private static func isIdentity(_ operation: Operator, _ graph: Graph) -> Bool {
    guard operation.kind == .reshape || operation.kind == .quantize,
      let input = operation.inputs.first ?? nil, let output = operation.outputs.first
    else { return false }
    let (source, result) = (graph[input], graph[output])
    return source.shape == result.shape && source.elementType == result.elementType
      && source.quantization == result.quantization
  }
}
