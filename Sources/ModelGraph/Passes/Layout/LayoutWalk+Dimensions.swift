// SPDX-License-Identifier: Apache-2.0

/// Operators along dimensions, which can have these in another order.
extension LayoutWalk {
  /// Takes an operator that works along dimensions.
  mutating func worksAlongDimensions(_ operation: Operator) -> Bool {
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
      guard let arrangement = order.arrangement(matching: graph[order.source].shape) else {
        continue
      }
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

  /// Whether an output has as many dimensions as arranging them supposes.
  private func rank(of kind: OperatorKind, _ rank: Int, _ output: Shape) -> Bool {
    if case .broadcast = kind { return output.rank == rank }
    return true
  }
}
