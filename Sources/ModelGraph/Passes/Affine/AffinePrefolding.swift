// SPDX-License-Identifier: Apache-2.0

/// Takes products with and sums of constants per channel into the weights and bias of a convolution or
/// fully connected layer behind them. Sums only where the layer does not pad: what it pads is 0
/// behind the sum.
public struct AffinePrefolding: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "affine-prefolding"
  /// See ``GraphPass/summary``.
  public let summary = "takes scales and offsets of a layer's input into its weights and bias"
  /// Weights are rounded again.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Folds, and counts products and sums.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for index in graph.operators.indices {
      while Self.fold(into: index, &editor) { count += 1 }
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  private static func fold(into index: Int, _ editor: inout GraphEditor) -> Bool {
    guard let operation = editor.operators[index], let input = operation.inputs.first ?? nil,
      editor.isReadOnce(input), let writer = editor.producer(of: input),
      let producer = editor.operators[writer], let step = AffineStep(producer, editor),
      step.activation == Activation.none, let weighted = WeightedOperator(operation, editor),
      let (weights, bias) = absorbed(weighted, step, editor)
    else { return false }
    var inputs = weighted.with(weights: weights, bias: bias, &editor)
    inputs[0] = step.input
    editor.update(index) { $0.inputs = inputs }
    editor.addSources(producer.sourceIndices, to: index)
    editor.remove(writer)
    return true
  }

  /// Weights and bias of a layer that reads the step's input instead of its output.
  private static func absorbed(
    _ weighted: WeightedOperator, _ step: AffineStep, _ editor: GraphEditor
  ) -> (weights: [Float], bias: [Float])? {
    let (inputs, outputs) = (weighted.inputs, weighted.outputs)
    guard editor[step.input].shape.dimensions.last == inputs.count,
      step.offset == nil || weighted.hasNoPadding(editor), var bias = weighted.bias(editor),
      bias.count == outputs.count,
      let factors = (step.factor ?? BroadcastConstant(scalar: 1)).channels(inputs.count),
      let offsets = (step.offset ?? BroadcastConstant(scalar: 0)).channels(inputs.count)
    else { return nil }
    var sums = bias.map(Double.init)
    for (index, weight) in weighted.weights.enumerated() {
      sums[outputs.ofWeight[index]] += Double(weight) * Double(offsets[inputs.ofWeight[index]])
    }
    bias = sums.map { Float($0) }
    let weights = zip(weighted.weights, inputs.ofWeight).map { $0 * factors[$1] }
    guard weights.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite) else { return nil }
    return (weights, bias)
  }
}
