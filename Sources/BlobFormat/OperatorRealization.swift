// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// How one operator of a graph is carried out when the graph is packed.
public struct OperatorRealization: Sendable {
  /// What becomes of an operator.
  public enum Way: String, Sendable, Codable, CaseIterable {
    /// A kernel writes its output.
    case step
    /// Its output has its input's bytes; nothing runs.
    case view
    /// The host runs it, at the graph's edge.
    case host
    /// The step of another operator does its work.
    case merged
    /// The reader of the model resolves it; the graph has no such operator.
    case resolved
  }

  /// Positions of the operator in the model file.
  public var sources: [Int]
  /// What became of it.
  public var way: Way
  /// The kernels of its steps.
  public var kernels: [KernelKind]
  /// Element types of its inputs that are not constant.
  public var inputTypes: Set<ElementType>
  /// Element types of its outputs.
  public var outputTypes: Set<ElementType>

  /// How every operator of a graph is carried out, for the portable kernel set.
  ///
  /// - Parameter graph: A verified graph.
  /// - Throws: What ``BlobPacker`` throws for a graph that cannot be lowered.
  public static func all(of graph: Graph) throws(BlobFormatError) -> [OperatorRealization] {
    let prepared = try BlobPacker.prepared(graph)
    let lowered = try Lowering.lower(prepared).realized(for: .portable, rounding: .exact)
    return graph.operators.map { node in
      let kernels = kernels(of: node, prepared, lowered)
      let data = node.inputs.compactMap { $0 }.filter { graph[$0].constant == nil }
      return OperatorRealization(
        sources: node.sourceIndices, way: kernels.isEmpty ? way(of: node, lowered) : .step,
        kernels: kernels, inputTypes: Set(data.map { graph[$0].elementType }),
        outputTypes: Set(node.outputs.map { graph[$0].elementType }))
    }
  }

  /// The kernels of the steps that write an operator's outputs; none if a pass took it away.
  private static func kernels(
    of node: Operator, _ prepared: Graph, _ lowered: LoweredGraph
  ) -> [KernelKind] {
    let remains = prepared.operators.contains {
      $0.outputs == node.outputs && !Set($0.sourceIndices).isDisjoint(with: node.sourceIndices)
    }
    guard remains else { return [] }
    let written =
      node.kind == .assignVariable ? node.inputs.prefix(1).compactMap { $0 } : node.outputs
    return lowered.steps.filter { step in
      guard !Set(step.sources).isDisjoint(with: node.sourceIndices) else { return false }
      // A stream's new rows go to a buffer that the graph does not have.
      if case .concatenation = node.kind, let buffer = step.outputs.first {
        return written.contains(buffer) || !prepared.tensors.indices.contains(buffer.index)
      }
      return step.outputs.contains { written.contains($0) }
    }.map(\.kernel)
  }

  private static func way(of node: Operator, _ lowered: LoweredGraph) -> Way {
    let isOnHost = lowered.hostOperators.contains {
      !Set($0.sources).isDisjoint(with: node.sourceIndices)
    }
    if isOnHost { return .host }
    let isView = node.outputs.contains { lowered.storage[$0.index] != $0.index }
    return isView ? .view : .merged
  }
}
