// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Taking elements by constant indices.
enum ONNXGathering {
  static let entries: [String: ONNXOperators.Entry] = [
    "Gather": .init(
      note: "constant indices", { context throws(ONNXProblem) in [try gather(context)] }),
    "GatherElements": .init(
      note: "constant indices", { context throws(ONNXProblem) in [try gatherElements(context)] }),
    "GatherND": .init(
      note: "constant indices", { context throws(ONNXProblem) in [try gatherND(context)] }),
  ]

  private static func gather(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let (input, found) = (try context.input(0), try indices(context))
    let axis = try context.axis(
      try context.attributes.integer("axis") ?? 0, rank: input.rank)
    let indices = try resolved(found.integers ?? [], extent: input.shape[axis])
    return try context.gather(
      input, axis: axis, indices: indices, indexShape: Shape(found.dimensions))
  }

  /// Output element [i, j, ...] is the input's with the index at that place along one dimension.
  private static func gatherElements(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    let (input, found) = (try context.input(0), try indices(context))
    let axis = try context.axis(
      try context.attributes.integer("axis") ?? 0, rank: input.rank)
    guard found.dimensions.count == input.rank,
      found.dimensions.indices.allSatisfy({
        $0 == axis || found.dimensions[$0] <= input.shape[$0]
      })
    else {
      throw .damaged("indices \(found.dimensions) do not fit input \(input.shape)")
    }
    let indices = try resolved(found.integers ?? [], extent: input.shape[axis])
    let steps = elementSteps(input.shape.dimensions)
    var position = [Int](repeating: 0, count: input.rank)
    let places = indices.map { index in
      let place = position.indices.reduce(0) { sum, dimension in
        sum + steps[dimension] * (dimension == axis ? index : position[dimension])
      }
      advance(&position, found.dimensions)
      return place
    }
    return try context.append(
      .gather(
        GatherAttributes(
          axis: 0, axisCount: input.rank, indices: places, indexShape: Shape(found.dimensions))),
      [input])
  }

  /// Each row of indices names a place in the dimensions behind the batch.
  private static func gatherND(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let (input, found) = (try context.input(0), try indices(context))
    let batch = try context.attributes.integer("batch_dims") ?? 0
    guard let depth = found.dimensions.last, depth > 0, batch >= 0,
      batch < found.dimensions.count, depth <= input.rank, batch <= input.rank - depth
    else {
      throw .damaged(
        "indices \(found.dimensions) with \(batch) batch dimensions do not fit input "
          + "\(input.shape)")
    }
    let extents = Array(input.shape.dimensions[batch..<(batch + depth)])
    let steps = elementSteps(extents)
    let rows = found.integers ?? []
    var places: [Int] = []
    for start in stride(from: 0, to: rows.count, by: depth) {
      var place = 0
      for dimension in 0..<depth {
        let index = try resolved([rows[start + dimension]], extent: extents[dimension])
        place += steps[dimension] * index[0]
      }
      places.append(place)
    }
    return try context.append(
      .gather(
        GatherAttributes(
          axis: batch, axisCount: depth, batchDimensions: batch, indices: places,
          indexShape: Shape(Array(found.dimensions.dropLast())))), [input])
  }

  // MARK: Indices

  private static func indices(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXConstant {
    guard let indices = try context.constant(1, "the list of indices"), indices.integers != nil
    else { throw .damaged("the indices are missing or no integers") }
    try context.builder.charge(8 * indices.count)
    return indices
  }

  /// Indices that count from the end if they are negative.
  private static func resolved(
    _ indices: [Int], extent: Int
  ) throws(ONNXProblem) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(indices.count)
    for index in indices {
      guard (-extent..<extent).contains(index) else {
        throw .damaged("index \(index) is outside of \(extent) elements")
      }
      result.append(index < 0 ? index + extent : index)
    }
    return result
  }

  private static func elementSteps(_ dimensions: [Int]) -> [Int] {
    var steps = [Int](repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] * dimensions[axis + 1]
    }
    return steps
  }

  private static func advance(_ position: inout [Int], _ dimensions: [Int]) {
    for axis in dimensions.indices.reversed() {
      position[axis] += 1
      if position[axis] < dimensions[axis] { return }
      position[axis] = 0
    }
  }
}

extension ONNXOperatorContext {
  /// The slices of a value along a dimension that indices name, each of which exists.
  ///
  /// Evenly spaced ones are a regular part.
  func gather(
    _ value: ONNXValue, axis: Int, indices: [Int], indexShape: Shape
  ) throws(ONNXProblem) -> ONNXValue {
    if let constant = value.constant {
      let row = constant.bytes.count / max(constant.dimensions[axis], 1)
      try builder.charge(row * indices.count)
      if let taken = constant.gathered(
        axis: axis, indices: indices, indexDimensions: indexShape.dimensions)
      {
        return .constant(taken)
      }
    }
    let steps = Set(zip(indices, indices.dropFirst()).map { $1 - $0 })
    guard steps.count <= 1, let first = indices.first, steps.first != 0 else {
      return try append(
        .gather(GatherAttributes(axis: axis, indices: indices, indexShape: indexShape)), [value])
    }
    var part = ONNXPart(of: value.shape)
    part.take(axis, from: first, count: indices.count, step: steps.first ?? 1)
    let taken = try slice(value, part, droppedAxes: indexShape.rank == 0 ? [axis] : [])
    let dimensions = value.shape.dimensions
    return try reshaped(
      taken,
      to: Shape(dimensions[..<axis] + indexShape.dimensions + dimensions[(axis + 1)...]))
  }
}
