// SPDX-License-Identifier: Apache-2.0

/// Lets an operator limit its own results where operators behind it do nothing else: ReLU, ReLU6, and
/// the larger and smaller of a tensor and constants that amount to these.
///
/// What limits the result of a maximum pool goes to the operator in front of the pool, whose int8
/// results then need not reach further. Pairs of limits that no operator can take become one function.
public struct ActivationFusion: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "activation-fusion"
  /// See ``GraphPass/summary``.
  public let summary = "lets operators apply the ReLU or clipping behind them themselves"
  /// In float32; integers have scales in between.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Fuses, and counts operators that went or became another function.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for index in graph.operators.indices {
      guard let chain = ClampChain(endingWith: index, editor) else { continue }
      count += Self.fuse(chain, &editor) ?? Self.shorten(chain, &editor)
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  /// Gives the limits to the operator in front of them; `nil` if it cannot take them.
  private static func fuse(_ chain: ClampChain, _ editor: inout GraphEditor) -> Int? {
    guard let writer = editor.producer(of: chain.input),
      let own = editor.operators[writer]?.kind.activation,
      let bounds = ClampChain.Bounds(own).limited(to: chain.bounds),
      let activation = bounds.activation,
      activation == own || editor.isReadOnce(chain.input),
      let last = chain.operators.first, let output = editor.operators[last]?.outputs.first
    else { return nil }
    let target = activation == own ? writer : inFront(of: writer, activation, editor)
    guard let kind = editor.operators[target]?.kind.with(activation) else { return nil }
    let sources = chain.operators.reversed().flatMap { editor.operators[$0]?.sourceIndices ?? [] }
    guard editor.replace(output, with: chain.input) else { return nil }
    for index in chain.operators { editor.remove(index) }
    editor.update(target) { operation in
      operation.kind = kind
      operation.addSources(sources)
    }
    return chain.operators.count
  }

  /// The operator before maximum pools if it can take the activation instead.
  private static func inFront(
    of pool: Int, _ activation: Activation, _ editor: GraphEditor
  ) -> Int {
    var target = pool
    while let operation = editor.operators[target], case .maxPool2D(let own) = operation.kind,
      own.activation == .none, let input = operation.inputs.first ?? nil, editor.isReadOnce(input),
      let writer = editor.producer(of: input),
      editor.operators[writer]?.kind.activation == Activation.none
    {
      target = writer
    }
    return target
  }

  /// Makes one function of several limits.
  private static func shorten(_ chain: ClampChain, _ editor: inout GraphEditor) -> Int {
    guard let last = chain.operators.first, let function = chain.bounds.function,
      editor.operators[last]?.kind != .unary(function) || chain.operators.count > 1
    else { return 0 }
    let sources = chain.operators.dropFirst().reversed()
      .flatMap { editor.operators[$0]?.sourceIndices ?? [] }
    editor.update(last) { operation in
      operation.kind = .unary(function)
      operation.inputs = [chain.input]
      operation.addSources(sources)
    }
    for index in chain.operators.dropFirst() { editor.remove(index) }
    return chain.operators.count
  }
}
