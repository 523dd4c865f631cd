// SPDX-License-Identifier: Apache-2.0

/// Removes operators that only repeat elements for others that would repeat them by themselves: sums,
/// products and other operators of two operands, whose other operand has the whole shape.
public struct BroadcastElimination: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "broadcast-elimination"
  /// See ``GraphPass/summary``.
  public let summary = "leaves repeating elements to the operators that read them"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Removes, and counts operators.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for (index, operation) in graph.operators.enumerated() {
      guard Self.repeatsOnly(operation, editor), let input = operation.inputs.first ?? nil,
        let output = operation.outputs.first, !editor.isOutput(output),
        !editor.readers(of: output).isEmpty,
        editor.readers(of: output).allSatisfy({ reads($0, output, as: input, editor) }),
        editor.removeOperator(index, replacingOutputBy: input)
      else { continue }
      count += 1
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  /// Whether an operator repeats elements along dimensions in which it has one, and does nothing else.
  private static func repeatsOnly(_ operation: Operator, _ editor: GraphEditor) -> Bool {
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      editor[input].quantization == editor[output].quantization
    else { return false }
    let (from, to) = (editor[input].shape, editor[output].shape)
    switch operation.kind {
    case .broadcast: return true
    case .tile:
      return from.rank == to.rank
        && from.dimensions.indices.allSatisfy { from[$0] == to[$0] || from[$0] == 1 }
    default: return false
    }
  }

  /// Whether an operator's result has the same shape if it reads `input` for `output`.
  private func reads(
    _ index: Int, _ output: TensorID, as input: TensorID, _ editor: GraphEditor
  ) -> Bool {
    guard let reader = editor.operators[index], let result = reader.outputs.first else {
      return false
    }
    switch reader.kind {
    case .add, .binary, .compare, .logical: break
    default: return false
    }
    let shapes = reader.inputs.compactMap { $0 }
      .map { editor[$0 == output ? input : $0].shape }
    guard shapes.count == 2, let shape = shapes[0].broadcast(with: shapes[1]) else { return false }
    return shape == editor[result].shape
  }
}
