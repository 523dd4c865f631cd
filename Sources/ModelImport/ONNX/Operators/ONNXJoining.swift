// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Joining tensors and dividing them.
enum ONNXJoining {
  static let entries: [String: ONNXOperators.Entry] = [
    "Concat": .init({ context throws(ONNXProblem) in [try concat(context)] }),
    "Split": .init(
      note: "constant sizes", { context throws(ONNXProblem) in try split(context) }),
  ]

  private static func concat(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let all = try context.allInputs()
    guard let value = try context.attributes.integer("axis") else {
      throw .damaged("the dimension is missing")
    }
    let axis = try context.axis(value, rank: all[0].rank)
    for other in all {
      guard other.rank == all[0].rank,
        other.shape.dimensions.indices.allSatisfy({
          $0 == axis || other.shape[$0] == all[0].shape[$0]
        })
      else {
        throw .damaged(
          "inputs \(all[0].shape.dimensions) and \(other.shape.dimensions) differ in more than "
            + "dimension \(axis)")
      }
    }
    // Tensors without elements add nothing, and none of a graph may be such.
    let parts = all.filter { $0.shape[axis] != 0 }
    guard parts.count > 1 else { return parts.first ?? all[0] }
    let constants = parts.compactMap(\.constant)
    if constants.count == parts.count {
      try context.builder.charge(constants.reduce(0) { $0 + $1.bytes.count })
      if let joined = ONNXConstant.joined(constants, axis: axis) { return .constant(joined) }
    }
    return try context.append(.concatenation(axis: axis), parts)
  }

  private static func split(_ context: ONNXOperatorContext) throws(ONNXProblem) -> [ONNXValue] {
    let input = try context.input(0)
    let axis = try context.axis(
      try context.attributes.integer("axis") ?? 0, rank: input.rank)
    let sizes = try partSizes(context, extent: input.shape[axis])
    guard sizes.count > 1 else { return [input] }
    if let constant = input.constant, constant.quantization?.isPerTensor != false {
      return try parts(of: constant, axis, sizes, context)
    }
    let outputs = sizes.map { size in
      var shape = input.shape
      shape.dimensions[axis] = size
      return Tensor(name: context.builder.node.output, shape: shape, elementType: input.type)
    }
    return try context.builder.append(.split(axis: axis), [input], outputs: outputs)
  }

  /// How many elements each part has.
  private static func partSizes(
    _ context: ONNXOperatorContext, extent: Int
  ) throws(ONNXProblem) -> [Int] {
    let count = context.isOutputUsed.count
    let stated = try context.integers(
      attribute: "split", orInput: 1, since: 13, "the list of sizes")
    guard let stated else {
      let wanted = try context.attributes.integer("num_outputs") ?? count
      guard wanted == count, count > 0 else {
        throw .damaged("it has \(count) outputs, but its num_outputs is \(wanted)")
      }
      let size = (extent + count - 1) / count
      guard extent > 0, size * (count - 1) < extent,
        context.version >= 18 || extent.isMultiple(of: count)
      else { throw .damaged("\(extent) elements cannot be divided into \(count) parts") }
      return (0..<count).map { min(size, extent - $0 * size) }
    }
    var total = 0
    for size in stated {
      guard (0...extent).contains(size) else {
        throw .damaged("a part has \(size) of \(extent) elements")
      }
      total += size
    }
    guard stated.count == count, total == extent else {
      throw .damaged(
        "it has \(count) outputs and \(extent) elements to divide, but its sizes are \(stated)")
    }
    return stated
  }

  private static func parts(
    of constant: ONNXConstant, _ axis: Int, _ sizes: [Int], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [ONNXValue] {
    try context.builder.charge(constant.bytes.count)
    let stride = [Int](repeating: 1, count: constant.dimensions.count)
    var begin = [Int](repeating: 0, count: constant.dimensions.count)
    var result: [ONNXValue] = []
    for size in sizes {
      var extent = constant.dimensions
      extent[axis] = size
      guard let part = constant.sliced(begin: begin, size: extent, stride: stride) else {
        throw .damaged("it has several scales")
      }
      result.append(.constant(part))
      begin[axis] += size
    }
    return result
  }
}
