// SPDX-License-Identifier: Apache-2.0

/// Merges products with and sums of constants that follow each other to one product and one sum, the
/// product first. Quotients by constants become products, differences sums.
public struct AffineMerging: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "affine-merging"
  /// See ``GraphPass/summary``.
  public let summary = "merges chains of products and sums with constants to one of each"
  /// Constants are rounded again.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Merges, and counts operators that changed.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for index in graph.operators.indices {
      if Self.normalize(index, &editor) { count += 1 }
      var current: Int? = index
      while let place = current {
        guard let next = Self.merge(place, &editor) else { break }
        current = next
        count += 1
      }
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  /// Makes a product of a quotient, and a sum of a difference.
  private static func normalize(_ index: Int, _ editor: inout GraphEditor) -> Bool {
    guard let operation = editor.operators[index], let step = AffineStep(operation, editor) else {
      return false
    }
    switch operation.kind {
    case .binary(.divide), .unary(.negate): break
    case .binary(.subtract) where step.factor == nil: break
    default: return false
    }
    set(index, step, &editor)
    return true
  }

  /// Merges an operator with the one in front of it, or puts the product first.
  ///
  /// - Returns: The place to look at next; `nil` if nothing was done.
  private static func merge(_ index: Int, _ editor: inout GraphEditor) -> Int? {
    guard let operation = editor.operators[index], var last = AffineStep(operation, editor),
      editor.isReadOnce(last.input), let writer = editor.producer(of: last.input),
      let producer = editor.operators[writer], var first = AffineStep(producer, editor),
      first.activation == .none
    else { return nil }
    switch (first.factor, first.offset, last.factor, last.offset) {
    case (let a?, nil, let b?, nil):
      guard let product = a.combined(with: b, *), product.isFinite else { return nil }
      last.factor = product
    case (nil, let a?, nil, let b?):
      guard let sum = a.combined(with: b, +), sum.isFinite else { return nil }
      last.offset = sum
    case (nil, let a?, let b?, nil):
      guard let offset = a.combined(with: b, *), offset.isFinite else { return nil }
      (first.factor, first.offset) = (b, nil)
      (last.factor, last.offset) = (nil, offset)
      set(writer, first, &editor)
      set(index, last, &editor)
      return writer
    default: return nil
    }
    last.input = first.input
    set(index, last, &editor)
    editor.addSources(producer.sourceIndices, to: index)
    editor.remove(writer)
    return index
  }

  /// Makes an operator this product or sum.
  private static func set(_ index: Int, _ step: AffineStep, _ editor: inout GraphEditor) {
    guard let value = step.factor ?? step.offset, let name = editor.operators[index]?.name else {
      return
    }
    let constant = editor.constant(value.values, value.shape, name: name + "/constant")
    editor.update(index) { operation in
      operation.kind =
        step.factor == nil ? .add(step.activation) : .binary(.multiply(step.activation))
      operation.inputs = [step.input, constant]
    }
  }
}
