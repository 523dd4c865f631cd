// SPDX-License-Identifier: Apache-2.0

/// Operators along dimensions, which can have these in another order.
extension LayoutWalk {
  /// Takes an operator that works along dimensions.
  mutating func worksAlongDimensions(_ operation: Operator) -> Bool {
    if worksOnSource(operation) { return true }
    let inputs = operation.inputs.compactMap { $0 }
    guard inputs.count == operation.inputs.count, inputs.contains(where: isMoved),
      let shape = inputs.first.map({ graph[$0].shape }),
      inputs.allSatisfy({ graph[$0].shape.rank == shape.rank }),
      operation.outputs.allSatisfy({ rank(of: operation.kind, shape.rank, graph[$0].shape) })
    else { return false }
    let asIs = inputs.filter(isMoved).map { cost(of: order(of: $0)) }.reduce(0, +)
    var best: (cost: Int, arrangement: [Int])?
    for input in inputs where isMoved(input) {
      let order = order(of: input)
      guard let arrangement = order.nesting(matching: graph[order.source].shape) else { continue }
      let total = inputs.map { cost(of: self.order(of: $0).transposed(arrangement)) }.reduce(0, +)
      if total < best?.cost ?? Int.max { best = (total, arrangement) }
    }
    guard let (total, arrangement) = best, total <= asIs,
      let moved = RearrangedOperator(operation.kind, arrangement)
    else { return false }
    let operands = inputs.map { tensor(order(of: $0).transposed(arrangement)) }
    let outputs = operation.outputs.map { output in
      let places = moved.outputArrangement
      let shape = Shape(places.map { graph[output].shape[$0] })
      return (
        shape: shape,
        dimensions: ElementOrder(output, shape).transposed(places.inverse).dimensions
      )
    }
    emit(operation, as: moved.kind, inputs: operands, outputs: outputs)
    return true
  }

  /// Takes a padding or a slice, and does it to the tensor behind its operand, whose dimensions of 1 may
  /// be others: a convolution along one dimension works on images, and can pad and crop these itself.
  private mutating func worksOnSource(_ operation: Operator) -> Bool {
    guard let input = operation.inputs.first ?? nil, operation.inputs.count == 1, isMoved(input),
      let output = operation.outputs.first
    else { return false }
    let order = order(of: input)
    let source = graph[order.source].shape
    let places = order.dimensions.map { source.place(of: $0) }
    for (axis, place) in places.enumerated() where place == nil {
      // A dimension of 1 that stays one.
      guard order.dimensions[axis].isEmpty, graph[output].shape.rank == places.count,
        graph[output].shape[axis] == 1
      else { return false }
    }
    guard let kind = operation.kind.atPlaces(places, of: source) else { return false }
    var sizes = source.dimensions
    for (axis, place) in places.enumerated() {
      if let place { sizes[place] = graph[output].shape[axis] }
    }
    let whole = ElementOrder(order.source, Shape(sizes))
    emit(
      operation, as: kind, inputs: [order.source],
      outputs: [(Shape(sizes), places.map { $0.map { whole.dimensions[$0] } ?? [] })])
    return true
  }

  /// Whether an output has as many dimensions as arranging them supposes.
  private func rank(of kind: OperatorKind, _ rank: Int, _ output: Shape) -> Bool {
    if case .broadcast = kind { return output.rank == rank }
    return true
  }
}

extension Shape {
  /// The dimension that consists of these runs; `nil` if none does, or there are none.
  fileprivate func place(of runs: [ElementOrder.Run]) -> Int? {
    guard let run = runs.first, runs.count == 1 else { return nil }
    var stride = 1
    for axis in dimensions.indices.reversed() {
      if dimensions[axis] == run.count, stride == run.stride { return axis }
      stride *= dimensions[axis]
    }
    return nil
  }
}

extension OperatorKind {
  /// A padding or a slice of a tensor of another shape, along whose dimension `places[i]` it does what
  /// this one does along dimension i; `nil` for every other operator.
  fileprivate func atPlaces(_ places: [Int?], of shape: Shape) -> OperatorKind? {
    func moved(_ values: [Int], _ rest: [Int]) -> [Int] {
      var result = rest
      for (place, value) in zip(places, values) {
        if let place { result[place] = value }
      }
      return result
    }
    let (zeros, ones) = (shape.dimensions.map { _ in 0 }, shape.dimensions.map { _ in 1 })
    switch self {
    case .pad(let attributes):
      return .pad(
        PadAttributes(
          before: moved(attributes.before, zeros), after: moved(attributes.after, zeros),
          content: attributes.content))
    case .slice(let attributes) where attributes.droppedAxes.isEmpty:
      return .slice(
        SliceAttributes(
          begin: moved(attributes.begin, zeros), size: moved(attributes.size, shape.dimensions),
          stride: moved(attributes.stride, ones)))
    default: return nil
    }
  }
}
