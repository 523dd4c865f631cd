// SPDX-License-Identifier: Apache-2.0

/// One walk through a graph in execution order that puts off reshapes and transposes: each is only
/// noted, as the ``ElementOrder`` of its output, and operators that do not care work on the tensor
/// behind it. Where an operator cares, movement is made that yields what it wants.
struct LayoutWalk {
  /// The graph; its operators are those of before, its tensors grow.
  var graph: Graph
  /// The operators so far.
  private(set) var operators: [Operator] = []
  /// Tensors that are others in another order or shape.
  private var orders: [TensorID: ElementOrder] = [:]
  /// Those of them that exist themselves.
  private var existing: Set<TensorID> = []
  /// What movement was made, by what it makes.
  private var moved: [MovedTensor: TensorID] = [:]
  /// The first tensor that has an order, whatever its shape.
  private var firstMoved: [ElementOrder: TensorID] = [:]
  /// Tensors whose place an output of the graph has taken.
  private var renamed: [TensorID: TensorID] = [:]
  private var writers: [TensorID: Int] = [:]
  /// Operators of the model file that wait for one that reads a tensor.
  private var waitingSources: [TensorID: [Int]] = [:]
  private let graphOutputs: Set<TensorID>

  private struct MovedTensor: Hashable {
    var order: ElementOrder
    var shape: Shape
  }

  init(_ graph: Graph) {
    self.graph = graph
    graphOutputs = Set(graph.outputs)
  }

  /// Walks, and returns the new graph.
  consuming func rewritten() -> Graph {
    transposeInputs()
    for operation in graph.operators { visit(operation) }
    connectOutputs()
    graph.operators = operators
    return graph
  }

  private mutating func visit(_ operation: Operator) {
    if notes(operation) { return }
    if worksInAnyOrder(operation) { return }
    var own = operation
    own.inputs = operation.inputs.map { $0.map { existingTensor($0) } }
    emit(own)
  }

  // MARK: Questions

  /// The order of a tensor's elements in another one; a tensor that was not moved is its own.
  func order(of id: TensorID) -> ElementOrder {
    orders[id] ?? ElementOrder(id, graph[id].shape)
  }

  /// Whether a tensor is another one in another order or shape.
  func isMoved(_ id: TensorID) -> Bool { orders[id] != nil }

  /// Elements that have to be moved to have this order as a tensor.
  func cost(of order: ElementOrder) -> Int {
    guard !order.isInOrder, graph[order.source].constant == nil, firstMoved[order.flat] == nil
    else { return 0 }
    return graph[order.source].shape.elementCount
  }

  // MARK: Emission

  /// Adds an operator.
  mutating func emit(_ operation: Operator) {
    var operation = operation
    for case let input? in operation.inputs {
      if let sources = waitingSources.removeValue(forKey: input) { operation.addSources(sources) }
    }
    for output in operation.outputs { writers[output] = operators.count }
    operators.append(operation)
  }

  /// Adds an operator that does what `operation` does, on other tensors, and notes in which order its
  /// results are those of `operation`.
  ///
  /// - Parameter outputs: For each output its new shape, and the old one's dimensions as runs in it.
  mutating func emit(
    _ operation: Operator, as kind: OperatorKind? = nil, inputs: [TensorID?],
    outputs: [(shape: Shape, dimensions: [[ElementOrder.Run]])]
  ) {
    var moved = operation
    if let kind { moved.kind = kind }
    moved.inputs = inputs
    moved.outputs = []
    for (old, (shape, dimensions)) in zip(operation.outputs, outputs) {
      var tensor = graph[old]
      tensor.shape = shape
      let new = append(tensor)
      moved.outputs.append(new)
      orders[old] = ElementOrder(new, dimensions: dimensions)
    }
    emit(moved)
  }

  /// Adds a tensor.
  mutating func append(_ tensor: Tensor) -> TensorID {
    graph.tensors.append(tensor)
    return TensorID(graph.tensors.count - 1)
  }

  // MARK: Reshapes and transposes

  /// Takes note of a reshape or transpose; `false` for everything else.
  private mutating func notes(_ operation: Operator) -> Bool {
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      graph[input].elementType == graph[output].elementType,
      graph[input].quantization == graph[output].quantization,
      graph[input].quantization?.isPerTensor ?? true, !graph[input].isVariable,
      graph[input].elementType.bitWidth.isMultiple(of: 8)
    else { return false }
    switch operation.kind {
    case .transpose(let permutation):
      orders[output] = order(of: input).transposed(permutation)
    case .reshape:
      let shape = graph[output].shape
      if let order = order(of: input).reshaped(to: shape) {
        orders[output] = order
      } else {
        let whole = existingTensor(input)
        orders[output] = ElementOrder(whole, graph[whole].shape).reshaped(to: shape)
      }
    default: return false
    }
    note(operation.sourceIndices, at: order(of: output).source)
    return true
  }

  /// Hands operators of the model file to the one that writes a tensor, or reads it.
  private mutating func note(_ sources: [Int], at id: TensorID) {
    if let writer = writers[id] {
      operators[writer].addSources(sources)
    } else {
      waitingSources[id, default: []] += sources
    }
  }

  // MARK: Movement

  /// The tensor itself, which is moved if it has to be.
  mutating func existingTensor(_ id: TensorID) -> TensorID {
    guard let order = orders[id], !existing.contains(id) else { return id }
    if order.isInOrder, graph[order.source].shape == graph[id].shape { return order.source }
    if !graphOutputs.contains(id) { return tensor(order, shape: graph[id].shape) }
    make(order, as: id)
    return id
  }

  /// A tensor with the elements in this order, in this shape, or the order's.
  mutating func tensor(_ order: ElementOrder, shape: Shape? = nil) -> TensorID {
    let shape = shape ?? order.shape
    let key = MovedTensor(order: order.flat, shape: shape)
    let source = graph[order.source]
    if order.isInOrder, source.shape == shape { return order.source }
    if let known = moved[key] { return known }
    var result = source
    result.shape = shape
    if let bytes = source.constant {
      result.constant = Self.moved(bytes, order, source.elementType)
      let id = append(result)
      moved[key] = id
      return id
    }
    let id = append(result)
    make(order, as: id)
    return id
  }

  /// Makes the tensor `id`, of the elements in this order.
  private mutating func make(_ order: ElementOrder, as id: TensorID) {
    existing.insert(id)
    let name = graph[id].name
    var (current, steps): (TensorID, [MovementPlan.Step])
    if let known = firstMoved[order.flat] {
      (current, steps) = (known, [MovementPlan.Step(kind: .reshape, shape: graph[id].shape)])
    } else {
      current = order.source
      steps =
        MovementPlan(order, from: graph[order.source].shape, to: graph[id].shape).steps
      firstMoved[order.flat] = id
    }
    moved[MovedTensor(order: order.flat, shape: graph[id].shape)] = id
    for (index, step) in steps.enumerated() {
      var next = id
      if index < steps.count - 1 {
        var tensor = graph[id]
        tensor.shape = step.shape
        next = append(tensor)
      }
      emit(
        Operator(
          kind: step.kind, name: name, inputs: [renamed[current] ?? current], outputs: [next],
          sourceIndices: []))
      current = next
    }
  }

  private static func moved(
    _ bytes: [UInt8], _ order: ElementOrder, _ type: ElementType
  ) -> [UInt8] {
    let width = type.bitWidth / 8
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for place in order.places() { result += bytes[(place * width)..<((place + 1) * width)] }
    return result
  }

  // MARK: Inputs and outputs

  /// Inputs that are wanted transposed are so at once, and everything works on that.
  private mutating func transposeInputs() {
    let wanted = WantedLayouts(graph)
    for input in graph.inputs {
      guard let permutation = wanted.permutations[input] else { continue }
      let order = ElementOrder(input, graph[input].shape).transposed(permutation)
      let moved = tensor(order)
      let original = ElementOrder(moved, graph[moved].shape).transposed(permutation.inverse)
      orders[input] = original
      firstMoved[original.flat] = input
      existing.insert(input)
    }
  }

  /// Makes the outputs. One that only has another name takes its place.
  private mutating func connectOutputs() {
    for output in graph.outputs where !existing.contains(output) {
      guard let order = orders[output] else { continue }
      guard order.isInOrder, graph[order.source].shape == graph[output].shape,
        !graphOutputs.contains(order.source), renamed[order.source] == nil,
        let writer = writers[order.source]
      else {
        make(order, as: output)
        continue
      }
      renamed[order.source] = output
      writers[output] = writer
    }
    for index in operators.indices {
      operators[index].inputs = operators[index].inputs.map { $0.map { renamed[$0] ?? $0 } }
      operators[index].outputs = operators[index].outputs.map { renamed[$0] ?? $0 }
    }
  }
}
