// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Repeating elements.
enum ONNXRepeating {
  static let entries: [String: ONNXOperators.Entry] = [
    "Expand": .init(
      note: "the shape must be constant", { context throws(ONNXProblem) in [try expand(context)] }),
    "Tile": .init(
      note: "the multiples must be constant", { context throws(ONNXProblem) in [try tile(context)] }
    ),
  ]

  private static func expand(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard let wanted = try context.integers(1, "the shape") else {
      throw .damaged("the shape is missing")
    }
    _ = try ONNXDimensions.elementCount(of: wanted)
    guard let shape = input.shape.broadcast(with: Shape(wanted)) else {
      throw .damaged("\(input.shape.dimensions) does not broadcast to \(wanted)")
    }
    return try context.broadcast(input, to: shape)
  }

  private static func tile(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard let multiples = try context.integers(1, "the list of multiples"),
      multiples.count == input.rank,
      multiples.allSatisfy({ (0...Graph.elementLimit).contains($0) })
    else { throw .damaged("its multiples do not fit input \(input.shape)") }
    guard multiples.contains(where: { $0 != 1 }) else { return input }
    guard input.constant != nil else {
      return try context.append(.tile(multiples: multiples), [input])
    }
    var result = input
    for (axis, multiple) in multiples.enumerated() where multiple != 1 {
      let extent = result.shape[axis]
      let count = extent * multiple
      guard count <= Graph.elementLimit else {
        throw .unsupported(
          reason: "it makes dimension \(axis) \(count) elements long", remedy: "repeat less")
      }
      try context.builder.charge(8 * count)
      result = try context.gather(
        result, axis: axis, indices: (0..<count).map { $0 % extent }, indexShape: [count])
    }
    return result
  }
}

extension ONNXOperatorContext {
  /// A value repeated along dimensions of size 1; it must broadcast to `shape`.
  func broadcast(_ value: ONNXValue, to shape: Shape) throws(ONNXProblem) -> ONNXValue {
    guard value.shape != shape else { return value }
    if let constant = value.constant {
      let count = try ONNXDimensions.elementCount(of: shape.dimensions)
      try builder.charge(count * constant.elementBytes)
      if let repeated = constant.broadcast(to: shape.dimensions) { return .constant(repeated) }
    }
    return try append(.broadcast, [value], shape: shape)
  }
}
