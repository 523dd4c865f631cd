// SPDX-License-Identifier: Apache-2.0

/// Brings the whole graph into the order of dimensions that its convolutions want (the layout pass).
///
/// Transposes and reshapes move through every operator that works in any order, cancel each other, and
/// go into constants and weights. What is left stands directly behind an input or in front of an
/// output of the graph, which keep their shapes, or where a model really changes the order: a shuffle
/// of channels is then a gather along the last dimension.
///
/// - Complexity: O(*n*) in the number of operators.
public struct TransposeElimination: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "transpose-elimination"
  /// See ``GraphPass/summary``.
  public let summary = "moves transposes and reshapes through operators until they cancel out"
  /// Every output keeps every bit: elements are only moved. (Products of rows whose weights were
  /// reordered add float32 in another order.)
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Rewrites the graph if that leaves less to move, and counts the reshapes and transposes that
  /// went.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    guard graph.operators.contains(where: { $0.kind.isMovement }) else { return 0 }
    var result = LayoutWalk(graph).rewritten()
    try DeadCodeRemoval().run(&result)
    let (before, after) = (MovementCost(graph), MovementCost(result))
    guard after < before, result.tensors.allSatisfy({ $0.shape.rank <= Graph.rankLimit }) else {
      return 0
    }
    graph = result
    return max(1, before.operators - after.operators)
  }
}

extension OperatorKind {
  /// Whether it only puts elements into another order or shape.
  var isMovement: Bool {
    switch self {
    case .transpose, .reshape: true
    default: false
    }
  }
}

/// What movement of elements costs, the dearest first.
private struct MovementCost: Comparable {
  /// Elements that are moved inside the graph.
  var inside = 0
  /// Elements that are moved behind its inputs and in front of its outputs.
  var atEdges = 0
  /// Operators that move or reshape.
  var operators = 0

  init(_ graph: Graph) {
    let edges = Set(graph.inputs + graph.outputs)
    for operation in graph.operators {
      guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first else {
        continue
      }
      switch operation.kind {
      case .transpose, .gather:
        let isEdge = edges.contains(input) || edges.contains(output)
        if isEdge {
          atEdges += graph[input].shape.elementCount
        } else {
          inside += graph[input].shape.elementCount
        }
        operators += 1
      case .reshape: operators += 1
      default: break
      }
    }
  }

  static func < (a: MovementCost, b: MovementCost) -> Bool {
    (a.inside, a.atEdges, a.operators) < (b.inside, b.atEdges, b.operators)
  }
}
