// SPDX-License-Identifier: Apache-2.0

/// Computes what several operators compute from the same operands only once. Equal constants count as
/// the same operand, and become one tensor.
public struct CommonSubexpressionMerging: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "common-subexpression-merging"
  /// See ``GraphPass/summary``.
  public let summary = "computes equal operators on equal operands once"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// What an operator computes; equal for equal results.
  private struct Computation: Hashable {
    var kind: OperatorKind
    var inputs: [TensorID?]
    var outputs: [Signature]
  }

  /// What a tensor looks like.
  private struct Signature: Hashable {
    var shape: Shape
    var elementType: ElementType
    var quantization: QuantizationParameters?
    var constant: [UInt8]?

    init(_ tensor: Tensor) {
      shape = tensor.shape
      elementType = tensor.elementType
      quantization = tensor.quantization
      constant = tensor.constant
    }

    /// Constants are hashed by their ends: weights are many bytes, and rarely begin alike.
    func hash(into hasher: inout Hasher) {
      hasher.combine(shape)
      hasher.combine(elementType)
      guard let constant else { return }
      hasher.combine(constant.count)
      for end in [constant.prefix(64), constant.suffix(64)] {
        end.withUnsafeBytes { hasher.combine(bytes: $0) }
      }
    }
  }

  /// Makes the pass.
  public init() {}

  /// Merges, and counts operators that went.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    let constants = Self.firstOfEqualConstants(graph)
    var known: [Computation: Int] = [:]
    var count = 0
    for index in graph.operators.indices {
      guard let operation = editor.operators[index], !operation.outputs.isEmpty,
        !operation.inputs.contains(where: { $0.map { editor[$0].isVariable } ?? false })
      else { continue }
      let computation = Computation(
        kind: operation.kind, inputs: operation.inputs.map { $0.map { constants[$0] ?? $0 } },
        outputs: operation.outputs.map { Signature(editor[$0]) })
      guard let twin = known[computation], let kept = editor.operators[twin] else {
        known[computation] = index
        continue
      }
      // Two outputs of the graph stay two.
      guard zip(operation.outputs, kept.outputs).allSatisfy({ old, _ in !editor.isOutput(old) })
      else { continue }
      for (old, new) in zip(operation.outputs, kept.outputs) {
        _ = editor.replace(old, with: new)
      }
      editor.addSources(operation.sourceIndices, to: twin)
      editor.remove(index)
      count += 1
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  /// For every constant that equals an earlier one, that one.
  private static func firstOfEqualConstants(_ graph: Graph) -> [TensorID: TensorID] {
    var first: [Signature: TensorID] = [:]
    var result: [TensorID: TensorID] = [:]
    for (index, tensor) in graph.tensors.enumerated() where tensor.constant != nil {
      let id = TensorID(index)
      if let twin = first[Signature(tensor)] {
        result[id] = twin
      } else {
        first[Signature(tensor)] = id
      }
    }
    return result
  }
}
