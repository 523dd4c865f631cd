// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The places of largest and smallest elements.
enum ONNXSearching {
  static let entries: [String: ONNXOperators.Entry] = [
    "ArgMax": .init({ context throws(ONNXProblem) in [try search(context, findsMinimum: false)] }),
    "ArgMin": .init({ context throws(ONNXProblem) in [try search(context, findsMinimum: true)] }),
  ]

  private static func search(
    _ context: ONNXOperatorContext, findsMinimum: Bool
  ) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let axis = try context.axis(
      try context.attributes.integer("axis") ?? 0, rank: input.rank)
    let takesLast = try context.attributes.bool("select_last_index") ?? false
    let kind = OperatorKind.argMax(ArgMaxAttributes(axis: axis, findsMinimum: findsMinimum))
    var result =
      takesLast
      ? try last(context, input, axis, kind) : try context.append(kind, [input], type: .int64)
    if try context.attributes.bool("keepdims") ?? true {
      var shape = input.shape
      shape.dimensions[axis] = 1
      result = try context.reshaped(result, to: shape)
    }
    return result
  }

  /// The last of several equal elements: the first one of the tensor in reverse.
  private static func last(
    _ context: ONNXOperatorContext, _ input: ONNXValue, _ axis: Int, _ kind: OperatorKind
  ) throws(ONNXProblem) -> ONNXValue {
    let extent = input.shape[axis]
    guard extent < 1 << 24 else {
      throw .unsupported(
        reason: "it looks for the last of \(extent) elements; the limit is \(1 << 24)",
        remedy: "take the first of equal elements (select_last_index=0)")
    }
    var part = ONNXPart(of: input.shape)
    part.take(axis, from: extent - 1, count: extent, step: -1)
    let place = try context.append(kind, [try context.slice(input, part)], type: .int64)
    let distance = try context.append(
      .binary(.subtract(.none)),
      [try context.floats([Float(extent - 1)], []), try context.cast(place, to: .float32)])
    return try context.cast(distance, to: .int64)
  }
}
