// SPDX-License-Identifier: Apache-2.0

/// Operators on single elements, which work in any order as long as all operands have the same.
extension LayoutWalk {
  /// Takes an operator of one operand.
  mutating func worksOnElements(_ operation: Operator) -> Bool {
    guard let input = operation.inputs.first ?? nil, isMoved(input), operation.outputs.count == 1,
      operation.inputs.count == 1, graph[input].quantization?.isPerTensor ?? true
    else { return false }
    let order = order(of: input)
    emit(
      operation, inputs: [order.source],
      outputs: [(graph[order.source].shape, order.dimensions)])
    return true
  }

  /// Takes an operator of several operands that broadcast to one shape.
  mutating func worksOnPairs(_ operation: Operator) -> Bool {
    guard let output = operation.outputs.first else { return false }
    let inputs = operation.inputs.compactMap { $0 }
    guard inputs.count == operation.inputs.count, inputs.contains(where: isMoved) else {
      return false
    }
    let shape = graph[output].shape
    let asIs = inputs.filter(isMoved).map { cost(of: order(of: $0)) }.reduce(0, +)
    var best: (cost: Int, plan: BroadcastPlan)?
    for input in inputs where isMoved(input) && graph[input].shape == shape {
      guard let plan = BroadcastPlan(frame: input, inputs: inputs, self) else { continue }
      let total = plan.operands.map { cost(of: $0) }.reduce(0, +)
      if total < best?.cost ?? Int.max { best = (total, plan) }
    }
    guard let (total, plan) = best, total <= asIs else { return false }
    let operands = zip(plan.operands, plan.operandShapes).map { tensor($0, shape: $1) }
    emit(operation, inputs: operands, outputs: [(plan.shape, plan.dimensions)])
    return true
  }
}
