// SPDX-License-Identifier: Apache-2.0

/// Removes operators whose output equals their input in shape, type and scale, bit for bit: reshapes
/// to the same shape, quantizing between equal scales, casts to the same type, movement that moves
/// nothing, products with 1 and sums with 0.
///
/// An operator stays between an input and an output of the graph, which has to compute its outputs.
/// What it stood for in the model file goes to the operator that computes its input.
public struct IdentityRemoval: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "identity-removal"
  /// See ``GraphPass/summary``.
  public let summary = "removes operators that change nothing"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Removes what changes nothing, and counts operators.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for (index, operation) in graph.operators.enumerated() {
      guard let current = editor.operators[index], let output = operation.outputs.first,
        operation.outputs.count == 1,
        let input = Self.unchangedInput(of: current, output: editor[output], editor),
        editor.removeOperator(index, replacingOutputBy: input)
      else { continue }
      count += 1
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  /// The operand that the output equals.
  private static func unchangedInput(
    of operation: Operator, output: Tensor, _ editor: GraphEditor
  ) -> TensorID? {
    let candidates = operation.inputs.compactMap { $0 }.filter { input in
      let source = editor[input]
      return source.shape == output.shape && source.elementType == output.elementType
        && source.quantization == output.quantization && !source.isVariable
    }
    guard let first = candidates.first else { return nil }
    switch operation.kind {
    case .reshape, .quantize, .cast, .broadcast, .tile, .split, .concatenation:
      // Equal shapes leave these nothing to do.
      return first
    case .transpose(let permutation):
      return output.shape.movesElements(permutation) ? nil : first
    case .pad, .slice, .gather, .reduce, .spaceToDepth, .depthToSpace:
      return moves(operation.kind, output.shape) ? nil : first
    case .add, .binary:
      return candidates.first { isNeutral(operation, besides: $0, editor) }
    default: return nil
    }
  }

  /// Whether an operator whose output has its input's shape changes something for all that.
  private static func moves(_ kind: OperatorKind, _ shape: Shape) -> Bool {
    switch kind {
    // The shape would have changed.
    case .pad, .reduce: false
    case .slice(let attributes): attributes.stride.indices.contains { axis in
      attributes.stride[axis] < 0 && shape[axis] > 1
    }
    case .gather(let attributes):
      attributes.indices != Array(attributes.indices.indices) || attributes.axisCount != 1
        || attributes.batchDimensions != 0
    case .spaceToDepth(let block), .depthToSpace(let block): block != 1
    default: true
    }
  }

  /// Whether a sum, difference, product or quotient of floats is its operand `input`.
  private static func isNeutral(
    _ operation: Operator, besides input: TensorID, _ editor: GraphEditor
  ) -> Bool {
    guard editor[input].elementType == .float32, operation.inputs.count == 2,
      operation.inputs[0] != operation.inputs[1]
    else { return false }
    let isFirst = operation.inputs[0] == input
    let neutral: Float
    switch operation.kind {
    case .add(.none): neutral = 0
    case .binary(.subtract(.none)) where isFirst: neutral = 0
    case .binary(.multiply(.none)): neutral = 1
    case .binary(.divide(.none)) where isFirst: neutral = 1
    default: return false
    }
    return editor.floats(operation.inputs[isFirst ? 1 : 0])?.allSatisfy { $0 == neutral } ?? false
  }
}
