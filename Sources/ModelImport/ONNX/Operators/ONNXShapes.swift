// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators on shapes: elements stay as they are and in order, or move as dimensions change places.
enum ONNXShapes {
  static let entries: [String: ONNXOperators.Entry] = [
    "Shape": .init({ context throws(ONNXProblem) in [try shape(context)] }),
    "Size": .init({ context throws(ONNXProblem) in
      let count = try ONNXDimensions.elementCount(of: try context.input(0).shape.dimensions)
      return [.constant(ONNXConstant(integers: [count], []))]
    }),
    "Flatten": .init({ context throws(ONNXProblem) in [try flatten(context)] }),
    "Reshape": .init(
      note: "the new shape must be constant",
      { context throws(ONNXProblem) in
        [try reshape(context)]
      }),
    "Squeeze": .init({ context throws(ONNXProblem) in [try squeeze(context)] }),
    "Unsqueeze": .init({ context throws(ONNXProblem) in [try unsqueeze(context)] }),
    "Transpose": .init({ context throws(ONNXProblem) in [try transpose(context)] }),
    "Cast": .init({ context throws(ONNXProblem) in [try cast(context)] }),
    "CastLike": .init({ context throws(ONNXProblem) in
      [try context.cast(try context.input(0), to: try context.input(1, "the target type").type)]
    }),
  ]

  private static func shape(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let dimensions = try context.input(0).shape.dimensions
    let rank = dimensions.count
    let start = bound(try context.attributes.integer("start") ?? 0, rank)
    let end = bound(try context.attributes.integer("end") ?? rank, rank)
    let part = start < end ? Array(dimensions[start..<end]) : []
    return .constant(ONNXConstant(integers: part, [part.count]))
  }

  /// A bound of a range of dimensions, counted from the end if it is negative.
  private static func bound(_ value: Int, _ rank: Int) -> Int {
    min(max(value < 0 ? value &+ rank : value, 0), rank)
  }

  private static func flatten(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let value = try context.attributes.integer("axis") ?? 1
    guard (-input.rank...input.rank).contains(value) else {
      throw .damaged("it splits \(input.shape) at dimension \(value)")
    }
    let axis = value < 0 ? value + input.rank : value
    let dimensions = input.shape.dimensions
    return try context.reshaped(
      input, to: [dimensions[..<axis].reduce(1, *), dimensions[axis...].reduce(1, *)])
  }

  private static func reshape(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard let wanted = try context.integers(1, "the new shape") else {
      throw .damaged("the new shape is missing")
    }
    let keepsZero = try context.attributes.bool("allowzero") ?? false
    return try context.reshaped(
      input, to: try resolved(wanted, input.shape, keepsZero: keepsZero))
  }

  /// Puts numbers for dimensions of 0 (the input's own) and for the one that may be -1.
  private static func resolved(
    _ wanted: [Int], _ input: Shape, keepsZero: Bool
  ) throws(ONNXProblem) -> Shape {
    let problem = ONNXProblem.damaged("the new shape \(wanted) does not fit input \(input)")
    var dimensions = wanted
    for axis in wanted.indices where wanted[axis] == 0 && !keepsZero {
      guard axis < input.rank else { throw problem }
      dimensions[axis] = input[axis]
    }
    let open = dimensions.indices.filter { dimensions[$0] == -1 }
    guard open.count <= 1, dimensions.allSatisfy({ $0 >= -1 }) else { throw problem }
    let total = try ONNXDimensions.elementCount(of: input.dimensions)
    if let axis = open.first {
      dimensions[axis] = 1
      let rest = try ONNXDimensions.elementCount(of: dimensions)
      guard rest > 0, total.isMultiple(of: rest) else { throw problem }
      dimensions[axis] = total / rest
    }
    guard try ONNXDimensions.elementCount(of: dimensions) == total else { throw problem }
    return Shape(dimensions)
  }

  private static func squeeze(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let dimensions = input.shape.dimensions
    let found = try context.integers(attribute: "axes", orInput: 1, since: 13, "the axes")
    let axes: [Int]
    if let found {
      axes = try context.axes(found, rank: input.rank)
      for axis in axes where dimensions[axis] != 1 {
        throw .damaged("dimension \(axis) of \(input.shape) is not 1")
      }
    } else {
      axes = dimensions.indices.filter { dimensions[$0] == 1 }
    }
    let kept = dimensions.indices.filter { !axes.contains($0) }
    return try context.reshaped(input, to: Shape(kept.map { dimensions[$0] }))
  }

  private static func unsqueeze(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard
      let found = try context.integers(attribute: "axes", orInput: 1, since: 13, "the axes"),
      found.count <= Graph.rankLimit
    else { throw .damaged("the axes are missing or too many") }
    var dimensions = input.shape.dimensions
    for axis in try context.axes(found, rank: input.rank + found.count) {
      dimensions.insert(1, at: axis)
    }
    return try context.reshaped(input, to: Shape(dimensions))
  }

  private static func transpose(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let permutation =
      try context.attributes.integers("perm") ?? Array((0..<input.rank).reversed())
    guard permutation.sorted() == Array(0..<input.rank) else {
      throw .damaged("\(permutation) is not an order of the dimensions of \(input.shape)")
    }
    return try context.transposed(input, permutation)
  }

  private static func cast(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    guard let code = try context.attributes.integer("to") else {
      throw .damaged("the target type is missing")
    }
    let type = try ONNXElementTypes.elementType(of: code)
    return try context.cast(try context.input(0), to: type)
  }
}
