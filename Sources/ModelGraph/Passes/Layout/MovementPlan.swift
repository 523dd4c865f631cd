// SPDX-License-Identifier: Apache-2.0

/// The operators that put elements into an order.
struct MovementPlan {
  /// One of them.
  struct Step {
    var kind: OperatorKind
    /// What comes out.
    var shape: Shape
  }

  private(set) var steps: [Step] = []

  /// Plans.
  ///
  /// - Parameters:
  ///   - order: Of the elements.
  ///   - source: The shape of the order's source.
  ///   - target: The shape that comes out.
  init(_ order: ElementOrder, from source: Shape, to target: Shape) {
    if order.isInOrder {
      steps = [Step(kind: .reshape, shape: target)]
    } else if let indices = Self.lastDimensionIndices(order, source, target) {
      steps = [
        Step(
          kind: .gather(
            GatherAttributes(
              axis: source.rank - 1, indices: indices, indexShape: [indices.count])),
          shape: source)
      ]
      appendReshape(source, to: target)
    } else {
      transpose(order, source, target)
    }
  }

  private mutating func transpose(_ order: ElementOrder, _ source: Shape, _ target: Shape) {
    let wanted = order.reshaped(to: target) ?? order
    if let arrangement = wanted.arrangement(matching: source),
      arrangement.map({ wanted.shape[$0] }) == source.dimensions
    {
      let permutation = arrangement.inverse
      let shape = Shape(permutation.map { source[$0] })
      steps = [Step(kind: .transpose(permutation: permutation), shape: shape)]
      appendReshape(shape, to: target)
      return
    }
    let runs = order.runs
    let places = runs.indices.sorted { runs[$0].stride > runs[$1].stride }
    let cut = Shape(places.map { runs[$0].count })
    var permutation = places.inverse
    let moved = source.dimensions.indices.filter { source[$0] > 1 }
    if moved.map({ source[$0] }) == cut.dimensions {
      // The source's own dimensions, those of 1 in front.
      let single = source.dimensions.indices.filter { source[$0] == 1 }
      permutation = single + permutation.map { moved[$0] }
    } else {
      appendReshape(source, to: cut)
    }
    let input = steps.last?.shape ?? source
    let shape = Shape(permutation.map { input[$0] })
    steps.append(Step(kind: .transpose(permutation: permutation), shape: shape))
    appendReshape(shape, to: target)
  }

  private mutating func appendReshape(_ shape: Shape, to target: Shape) {
    if shape != target { steps.append(Step(kind: .reshape, shape: target)) }
  }

  /// The indices along the last dimension if nothing else is moved; `nil` if it is, or if there is
  /// nothing but that dimension's size in the shape that comes out.
  private static func lastDimensionIndices(
    _ order: ElementOrder, _ source: Shape, _ target: Shape
  ) -> [Int]? {
    guard let size = source.dimensions.last, size > 1, size == target.dimensions.last,
      let rows = order.reshaped(to: [source.elementCount / size, size]),
      rows.dimensions[0].isEmpty
        || rows.dimensions[0]
          == [ElementOrder.Run(count: source.elementCount / size, stride: size)]
    else { return nil }
    return order.ordered(as: [rows.dimensions[1]]).places()
  }
}
