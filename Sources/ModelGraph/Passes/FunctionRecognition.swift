// SPDX-License-Identifier: Apache-2.0

/// Recognizes functions of one tensor that a model spells out with several operators: hard swish as
/// x * relu6(x + 3) / 6 in all its forms, leaky ReLU as the larger of x and a * x.
///
/// What is found is not a spelling but a function: the expression is evaluated at many places and
/// compared.
public struct FunctionRecognition: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "function-recognition"
  /// See ``GraphPass/summary``.
  public let summary = "recognizes hard swish and leaky ReLU where they are spelled out"
  /// Up to the last bits of float32.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Rewrites, and counts functions.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    // The last operator of an expression first: what is inside goes with it.
    for index in graph.operators.indices.reversed() where Self.rewrite(index, &editor) {
      count += 1
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  private static func rewrite(_ index: Int, _ editor: inout GraphEditor) -> Bool {
    guard let operation = editor.operators[index], let output = operation.outputs.first,
      (operation.kind.activation ?? Activation.none) == Activation.none
    else { return false }
    switch operation.kind {
    case .binary(.multiply), .binary(.divide), .binary(.maximum): break
    default: return false
    }
    for variable in variables(of: operation, editor)
    where editor[variable].shape == editor[output].shape {
      var expression = ScalarExpression(variable: variable, editor)
      guard let values = expression.values(of: output), let function = function(of: values) else {
        continue
      }
      let sources = expression.operators.filter { $0 != index }.sorted()
        .flatMap { editor.operators[$0]?.sourceIndices ?? [] }
      editor.update(index) { operation in
        operation.kind = .unary(function)
        operation.inputs = [variable]
        operation.addSources(sources)
      }
      return true
    }
    return false
  }

  /// What may be the one tensor on which an expression depends: its operands, and theirs.
  private static func variables(of operation: Operator, _ editor: GraphEditor) -> [TensorID] {
    let own = operation.inputs.compactMap { $0 }.filter { editor[$0].constant == nil }
    let inner = own.flatMap { id -> [TensorID] in
      guard case .binary? = editor.producingOperator(of: id)?.kind else { return [] }
      return editor.producingOperator(of: id)?.inputs.compactMap { $0 } ?? []
    }
    return own + inner.filter { editor[$0].constant == nil }
  }

  /// The function that has these values at the sample points.
  private static func function(of values: [Float]) -> UnaryFunction? {
    let points = ScalarExpression.points
    func agrees(_ function: (Float) -> Float) -> Bool {
      zip(points, values).allSatisfy { abs(function($0) - $1) <= 2e-5 * max(1, abs($0)) }
    }
    if agrees({ $0 * min(max(0, $0 + 3), 6) / 6 }) { return .hardSwish }
    guard let place = points.firstIndex(of: -1) else { return nil }
    let alpha = -values[place]
    guard alpha.isFinite, alpha != 0, alpha != 1, agrees({ $0 >= 0 ? $0 : alpha * $0 }) else {
      return nil
    }
    return .leakyReLU(alpha: alpha)
  }
}
