// SPDX-License-Identifier: Apache-2.0

/// Takes products with and sums of constants per channel into the weights and bias of a convolution or
/// fully connected layer in front of them: batch normalization, biases, scales.
public struct AffineFolding: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "affine-folding"
  /// See ``GraphPass/summary``.
  public let summary = "takes batch normalization, scales and biases into the weights before them"
  /// Weights are rounded again.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Folds, and counts products and sums.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for index in graph.operators.indices where Self.fold(index, &editor) { count += 1 }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  private static func fold(_ index: Int, _ editor: inout GraphEditor) -> Bool {
    guard let operation = editor.operators[index], let step = AffineStep(operation, editor),
      let writer = editor.producer(of: step.input), editor.isReadOnce(step.input),
      let producer = editor.operators[writer], producer.kind.activation == Activation.none,
      let kind = producer.kind.with(step.activation),
      let weighted = WeightedOperator(producer, editor),
      let (weights, bias) = scaled(weighted, step, editor)
    else { return false }
    let inputs = weighted.with(weights: weights, bias: bias, &editor)
    editor.update(writer) { operation in
      operation.kind = kind
      operation.inputs = inputs
    }
    return editor.removeOperator(index, replacingOutputBy: step.input)
  }

  /// Weights and bias of a layer whose outputs are scaled and shifted.
  private static func scaled(
    _ weighted: WeightedOperator, _ step: AffineStep, _ editor: GraphEditor
  ) -> (weights: [Float], bias: [Float])? {
    let channels = weighted.outputs
    let one = BroadcastConstant(scalar: 1)
    guard editor[step.input].shape.dimensions.last == channels.count,
      let bias = weighted.bias(editor), bias.count == channels.count,
      let factors = (step.factor ?? one).channels(channels.count),
      let offsets = (step.offset ?? BroadcastConstant(scalar: 0)).channels(channels.count)
    else { return nil }
    let weights = zip(weighted.weights, channels.ofWeight).map { $0 * factors[$1] }
    let shifted = bias.indices.map {
      Float(Double(bias[$0]) * Double(factors[$0]) + Double(offsets[$0]))
    }
    guard weights.allSatisfy(\.isFinite), shifted.allSatisfy(\.isFinite) else { return nil }
    return (weights, shifted)
  }
}
