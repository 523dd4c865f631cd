// SPDX-License-Identifier: Apache-2.0

/// Moves DEQUANTIZE behind operators that move elements without looking at them, such as SPLIT, so that
/// these work on integers.
///
/// Converters leave such operators in float32 where their operands' scales disagree. A moved element
/// has the same real value whether it is dequantized before or after. Tensors keep their IDs; new ones
/// follow them. A RESHAPE stays where it is unless a moving operator reads it: behind the last integers
/// the host does it for nothing.
public struct DequantizeSinking: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "dequantize-sinking"
  /// See ``GraphPass/summary``.
  public let summary = "moves elements as integers where they were dequantized only to be moved"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// What a float tensor was before DEQUANTIZE.
  private struct Origin {
    var tensor: TensorID
    var sources: [Int]
  }

  /// Makes the pass.
  public init() {}

  /// Moves conversions, and counts operators that became integer ones.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var origins: [TensorID: Origin] = [:]
    var operators: [Operator] = []
    var count = 0
    let movedReshapes = Self.reshapesBeforeMoves(graph)
    for (index, operation) in graph.operators.enumerated() {
      if operation.kind == .dequantize, let input = operation.inputs.first ?? nil,
        let output = operation.outputs.first
      {
        origins[output] = Origin(tensor: input, sources: operation.sourceIndices)
      } else if Self.moves(operation.kind) || movedReshapes.contains(index),
        let inputs = Self.commonOrigins(of: operation, origins, graph)
      {
        operators += Self.sunk(operation, inputs, &origins, &graph)
        count += 1
        continue
      }
      operators.append(operation)
    }
    guard count > 0 else { return 0 }
    graph.operators = Self.withoutUnread(operators, graph)
    return count
  }

  /// Operators that move elements and know no scale.
  private static func moves(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .concatenation, .slice, .split, .pack, .unpack, .transpose, .spaceToDepth, .depthToSpace,
      .broadcast, .tile:
      true
    default: false
    }
  }

  /// Float reshapes, by position, whose output a moving operator reads.
  private static func reshapesBeforeMoves(_ graph: Graph) -> Set<Int> {
    let read = Set(
      graph.operators.filter { moves($0.kind) }.flatMap { $0.inputs.compactMap { $0 } })
    return Set(
      graph.operators.indices.filter { index in
        graph.operators[index].kind == .reshape
          && graph.operators[index].outputs.contains(where: read.contains)
      })
  }

  /// What all inputs were before DEQUANTIZE; `nil` if one was not dequantized, or with another scale.
  private static func commonOrigins(
    of operation: Operator, _ origins: [TensorID: Origin], _ graph: Graph
  ) -> [Origin]? {
    var result: [Origin] = []
    for input in operation.inputs {
      guard let input, let origin = origins[input] else { return nil }
      result.append(origin)
    }
    guard let first = result.first.map({ graph[$0.tensor] }), let scale = first.quantization,
      scale.isPerTensor
    else { return nil }
    let agree = result.allSatisfy {
      graph[$0.tensor].elementType == first.elementType
        && graph[$0.tensor].quantization == first.quantization
    }
    return agree ? result : nil
  }

  /// The operator on integers, and a DEQUANTIZE of each of its outputs.
  private static func sunk(
    _ operation: Operator, _ inputs: [Origin], _ origins: inout [TensorID: Origin],
    _ graph: inout Graph
  ) -> [Operator] {
    let sources = inputs.flatMap(\.sources).reduce(into: [Int]()) { list, source in
      if !list.contains(source) { list.append(source) }
    }
    var integers = operation
    integers.inputs = inputs.map(\.tensor)
    integers.outputs = []
    var conversions: [Operator] = []
    for output in operation.outputs {
      var tensor = graph[output]
      tensor.elementType = graph[inputs[0].tensor].elementType
      tensor.quantization = graph[inputs[0].tensor].quantization
      let id = TensorID(graph.tensors.count)
      graph.tensors.append(tensor)
      integers.outputs.append(id)
      origins[output] = Origin(tensor: id, sources: sources)
      conversions.append(
        Operator(
          kind: .dequantize, name: operation.name, inputs: [id], outputs: [output],
          sourceIndices: sources))
    }
    return [integers] + conversions
  }

  /// Drops conversions whose result nothing reads any more.
  private static func withoutUnread(_ operators: [Operator], _ graph: Graph) -> [Operator] {
    let read = Set(operators.flatMap { $0.inputs.compactMap { $0 } }).union(graph.outputs)
    return operators.filter { $0.kind != .dequantize || $0.outputs.contains(where: read.contains) }
  }
}
