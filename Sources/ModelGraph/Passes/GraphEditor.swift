// SPDX-License-Identifier: Apache-2.0

/// A graph that is being rewritten, with an index of who writes and who reads each tensor.
///
/// Operators keep their place in ``operators`` while passes look at them; removed ones are `nil`, new
/// ones come last. ``finish()`` puts them in an order that can be executed: the old one, as far as
/// the connections let it.
///
/// - Complexity: every edit takes time in proportion to the operators it touches.
struct GraphEditor {
  private(set) var operators: [Operator?]
  private var graph: Graph
  private var producers: [Int?]
  private var readers: [[Int]]
  private var outputPorts: [Int?]
  /// Where an operator wants to stand: just before the one that had this place at the beginning.
  private var places: [Int]

  /// Starts with a verified graph.
  init(_ graph: Graph) {
    self.graph = graph
    operators = graph.operators
    producers = Array(repeating: nil, count: graph.tensors.count)
    readers = Array(repeating: [], count: graph.tensors.count)
    outputPorts = Array(repeating: nil, count: graph.tensors.count)
    places = Array(graph.operators.indices)
    for (port, id) in graph.outputs.enumerated() { outputPorts[id.index] = port }
    for index in operators.indices { connect(index) }
  }

  /// The tensor with this ID.
  subscript(id: TensorID) -> Tensor { graph[id] }

  // MARK: Questions

  /// The place of the operator that writes a tensor.
  func producer(of id: TensorID) -> Int? { producers[id.index] }

  /// The operator that writes a tensor.
  func producingOperator(of id: TensorID) -> Operator? {
    producers[id.index].flatMap { operators[$0] }
  }

  /// The places of the operators that read a tensor, once for each time that they do.
  func readers(of id: TensorID) -> [Int] { readers[id.index] }

  /// Whether a tensor is an output of the graph.
  func isOutput(_ id: TensorID) -> Bool { outputPorts[id.index] != nil }

  /// Whether a tensor is read in one place only, and is no output.
  func isReadOnce(_ id: TensorID) -> Bool { readers[id.index].count == 1 && !isOutput(id) }

  /// The elements of a constant of float32; `nil` for everything else.
  func floats(_ id: TensorID?) -> [Float]? { id.flatMap { graph[$0].floats } }

  // MARK: Edits

  /// Changes an operator.
  mutating func update(_ index: Int, _ change: (inout Operator) -> Void) {
    guard var operation = operators[index] else { return }
    disconnect(index)
    change(&operation)
    operators[index] = operation
    connect(index)
  }

  /// Removes an operator whose outputs nothing reads any more.
  mutating func remove(_ index: Int) {
    disconnect(index)
    operators[index] = nil
  }

  /// Adds an operator that is to stand just before another one.
  @discardableResult
  mutating func insert(_ operation: Operator, before place: Int) -> Int {
    operators.append(operation)
    places.append(places[place])
    connect(operators.count - 1)
    return operators.count - 1
  }

  /// Adds a tensor.
  mutating func append(_ tensor: Tensor) -> TensorID {
    graph.tensors.append(tensor)
    producers.append(nil)
    readers.append([])
    outputPorts.append(nil)
    return TensorID(graph.tensors.count - 1)
  }

  /// Adds a constant of float32.
  mutating func constant(_ floats: [Float], _ shape: Shape, name: String) -> TensorID {
    append(Tensor(name: name, shape: shape, floats: floats))
  }

  /// Lets everybody who reads `old` read `new`, which has the same elements.
  ///
  /// If `old` is an output of the graph, the operator that writes `new` writes `old` from now on.
  ///
  /// - Returns: Whether that is possible; if not, nothing has changed.
  mutating func replace(_ old: TensorID, with new: TensorID) -> Bool {
    guard old != new else { return true }
    guard isOutput(old) else {
      moveReaders(of: old, to: new)
      return true
    }
    guard let writer = producers[new.index], let former = producers[old.index], !isOutput(new)
    else { return false }
    let placeholder = append(graph[old])
    rename(old, to: placeholder, in: former)
    rename(new, to: old, in: writer)
    moveReaders(of: new, to: old)
    return true
  }

  /// Replaces an operator of one output by a tensor with the same elements, and hands the operators of
  /// the model file that it stood for to the one that writes that tensor.
  ///
  /// - Returns: Whether that is possible; if not, nothing has changed.
  mutating func removeOperator(_ index: Int, replacingOutputBy new: TensorID) -> Bool {
    guard let operation = operators[index], let old = operation.outputs.first,
      operation.outputs.count == 1
    else { return false }
    let writer = producers[new.index]
    guard replace(old, with: new) else { return false }
    if let writer { addSources(operation.sourceIndices, to: writer) }
    remove(index)
    return true
  }

  /// Adds operators of the model file to those that an operator stands for.
  mutating func addSources(_ sources: [Int], to index: Int) {
    operators[index]?.addSources(sources)
  }

  // MARK: The end

  /// The rewritten graph.
  consuming func finish() -> Graph {
    let order = executionOrder()
    graph.operators = order.compactMap { operators[$0] }
    return graph
  }

  private mutating func moveReaders(of old: TensorID, to new: TensorID) {
    for reader in Set(readers[old.index]).sorted() { rename(old, to: new, in: reader) }
  }

  private mutating func rename(_ old: TensorID, to new: TensorID, in index: Int) {
    update(index) { operation in
      operation.inputs = operation.inputs.map { $0 == old ? new : $0 }
      operation.outputs = operation.outputs.map { $0 == old ? new : $0 }
    }
  }

  private mutating func connect(_ index: Int) {
    guard let operation = operators[index] else { return }
    for case let input? in operation.inputs { readers[input.index].append(index) }
    for output in operation.outputs { producers[output.index] = index }
  }

  private mutating func disconnect(_ index: Int) {
    guard let operation = operators[index] else { return }
    for case let input? in operation.inputs { readers[input.index].removeAll { $0 == index } }
    for output in operation.outputs where producers[output.index] == index {
      producers[output.index] = nil
    }
  }
}

// MARK: Order

extension GraphEditor {
  /// The operators, each behind those whose results it reads; else as their places say. Operators
  /// that share a variable keep their order.
  private func executionOrder() -> [Int] {
    let wanted = operators.indices.filter { operators[$0] != nil }
      .sorted { (places[$0], -$0) < (places[$1], -$1) }
    var result: [Int] = []
    var isDone = [Bool](repeating: false, count: operators.count)
    var lastUser: [TensorID: Int] = [:]
    var before: [Int: [Int]] = [:]
    for index in operators.indices {
      for case let input? in operators[index]?.inputs ?? [] where graph[input].isVariable {
        if let last = lastUser[input], last != index { before[index, default: []].append(last) }
        lastUser[input] = index
      }
    }
    for root in wanted where !isDone[root] {
      // A stack instead of recursion: graphs from files may be thousands of operators deep.
      var stack = [root]
      while let index = stack.last {
        let needed = needs(of: index, before).filter { !isDone[$0] }
        if needed.isEmpty {
          stack.removeLast()
          if !isDone[index] { result.append(index) }
          isDone[index] = true
        } else {
          stack += needed.reversed()
        }
      }
    }
    return result
  }

  private func needs(of index: Int, _ before: [Int: [Int]]) -> [Int] {
    let inputs = operators[index]?.inputs ?? []
    return inputs.compactMap { $0.flatMap { producers[$0.index] } } + (before[index] ?? [])
  }
}

extension Operator {
  /// Adds operators of the model file to those it stands for, each once.
  mutating func addSources(_ sources: [Int]) {
    for source in sources where !sourceIndices.contains(source) { sourceIndices.append(source) }
  }
}
