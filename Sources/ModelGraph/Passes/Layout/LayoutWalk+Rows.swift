// SPDX-License-Identifier: Apache-2.0

/// Operators on rows, the vectors along the last dimension, whose own order does not matter.
extension LayoutWalk {
  /// Takes an operator that computes rows from rows of the same length.
  mutating func worksOnRows(_ operation: Operator) -> Bool {
    guard let input = operation.inputs.first ?? nil, isMoved(input) else { return false }
    let order = order(of: input)
    guard let rows = rows(of: order, length: graph[input].shape.dimensions.last ?? 1) else {
      return false
    }
    emit(operation, inputs: [rows], outputs: [(graph[rows].shape, order.dimensions)])
    return true
  }

  /// Takes a product of rows with a matrix. Where rows are mixed up in themselves, constant weights
  /// are mixed up instead.
  mutating func multipliesRows(_ operation: Operator) -> Bool {
    guard operation.inputs.count >= 2, let input = operation.inputs[0], isMoved(input),
      let weights = operation.inputs[1]
    else { return false }
    let (units, length) = (graph[weights].shape[0], graph[weights].shape[1])
    let count = graph[input].shape.elementCount / length
    guard let order = order(of: input).reshaped(to: [count, length]) else { return false }
    if order.dimensions[1] == [ElementOrder.Run(count: length, stride: 1)] || length == 1 {
      return multiplies(operation, order, units: units, length: length)
    }
    guard
      order.dimensions[0].isEmpty
        || order.dimensions[0] == [ElementOrder.Run(count: count, stride: length)],
      graph[weights].constant != nil, graph[weights].elementType.bitWidth.isMultiple(of: 8),
      graph[weights].quantization.map({ $0.isPerTensor || $0.axis == 0 }) ?? true
    else { return false }
    let places = order.ordered(as: [order.dimensions[1]]).places()
    var own = operation
    own.inputs[0] = tensor(
      ElementOrder(order.source, graph[order.source].shape), shape: graph[input].shape)
    own.inputs[1] = append(graph[weights].takingColumns(places.inverse))
    emit(own)
    return true
  }

  /// A product of whole rows in whatever order these come.
  private mutating func multiplies(
    _ operation: Operator, _ order: ElementOrder, units: Int, length: Int
  ) -> Bool {
    guard let output = operation.outputs.first, var rows = rows(of: order, length: length),
      let last = order.dimensions.first
    else { return false }
    let count = graph[rows].shape.elementCount / length
    if case .fullyConnected(let attributes) = operation.kind, !attributes.keepsDimensions,
      graph[rows].shape.rank != 2
    {
      rows = tensor(ElementOrder(rows, graph[rows].shape), shape: [count, length])
    }
    let outer = last.map { ElementOrder.Run(count: $0.count, stride: $0.stride / length * units) }
    let flat = ElementOrder(
      rows, dimensions: [outer, [ElementOrder.Run(count: units, stride: 1)]])
    guard let result = flat.reshaped(to: graph[output].shape) else { return false }
    let shape = Shape(graph[rows].shape.dimensions.dropLast() + [units])
    emit(
      operation, inputs: [rows] + operation.inputs.dropFirst(),
      outputs: [(shape, result.dimensions)])
    return true
  }

  /// The source as rows of this length; `nil` if the order's last dimension is not that.
  private mutating func rows(of order: ElementOrder, length: Int) -> TensorID? {
    let shape = graph[order.source].shape
    guard order.dimensions.last == (length > 1 ? [ElementOrder.Run(count: length, stride: 1)] : [])
    else { return nil }
    if shape.dimensions.last == length { return order.source }
    return tensor(
      ElementOrder(order.source, shape), shape: [shape.elementCount / length, length])
  }

  /// Takes a product of matrices, which can be read transposed.
  mutating func multipliesMatrices(_ operation: Operator, _ first: Bool, _ second: Bool) -> Bool {
    var flags = [first, second]
    var inputs = operation.inputs
    var isChanged = false
    for index in inputs.indices.prefix(2) {
      guard let input = inputs[index], isMoved(input) else { continue }
      let order = order(of: input)
      let rank = order.dimensions.count
      let swapped = order.transposed(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
      guard !order.isInOrder, swapped.isInOrder else { continue }
      flags[index].toggle()
      inputs[index] = tensor(swapped)
      isChanged = true
    }
    guard isChanged else { return false }
    var own = operation
    own.kind = .batchMatMul(transposesFirst: flags[0], transposesSecond: flags[1])
    own.inputs = inputs.map { $0.map { existingTensor($0) } }
    emit(own)
    return true
  }
}

extension Tensor {
  /// A constant matrix whose column i is column `columns[i]` of this one.
  func takingColumns(_ columns: [Int]) -> Tensor {
    var result = self
    let width = elementType.bitWidth / 8
    guard let bytes = constant, let length = shape.dimensions.last else { return self }
    result.constant = stride(from: 0, to: shape.elementCount, by: length).flatMap { row in
      columns.flatMap { bytes[((row + $0) * width)..<((row + $0 + 1) * width)] }
    }
    return result
  }
}
