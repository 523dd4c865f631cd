// SPDX-License-Identifier: Apache-2.0

extension Graph {
  /// The index of the operator that writes a tensor; `nil` for inputs, constants and variables.
  ///
  /// - Complexity: O(*n*) in the number of operators; ``producers`` serves repeated questions.
  public func producer(of id: TensorID) -> Int? {
    operators.firstIndex { $0.outputs.contains(id) }
  }

  /// The indices of the operators that read a tensor, in execution order, each once.
  ///
  /// - Complexity: O(*n*) in the number of operators; ``consumers`` serves repeated questions.
  public func consumers(of id: TensorID) -> [Int] {
    operators.indices.filter { operators[$0].inputs.contains(id) }
  }

  /// For every tensor that an operator writes, that operator's index.
  public var producers: [TensorID: Int] {
    var result: [TensorID: Int] = [:]
    for (index, operation) in operators.enumerated() {
      for output in operation.outputs { result[output] = index }
    }
    return result
  }

  /// For every tensor that operators read, their indices in execution order, each once.
  public var consumers: [TensorID: [Int]] {
    var result: [TensorID: [Int]] = [:]
    for (index, operation) in operators.enumerated() {
      for case let input? in operation.inputs where result[input]?.last != index {
        result[input, default: []].append(index)
      }
    }
    return result
  }

  /// The operators that some output of this or a later inference depends on, each after those whose
  /// results it uses, in an order that follows from the connections alone: a depth-first walk from the
  /// outputs through the operands, then from the operators that write the variables that were met, in
  /// the order in which these were met.
  ///
  /// - Precondition: The graph is verified.
  func operatorsInDependencyOrder() -> [Int] {
    var walk = DependencyWalk(graph: self)
    for output in outputs { walk.visit(output) }
    let writers = variableWriters
    var met = 0
    while met < walk.variables.count {
      for writer in writers[walk.variables[met]] ?? [] { walk.visit(operator: writer) }
      met += 1
    }
    return walk.order
  }

  /// For every variable that operators write, their indices in execution order.
  public var variableWriters: [TensorID: [Int]] {
    var result: [TensorID: [Int]] = [:]
    for (index, operation) in operators.enumerated() {
      for position in operation.kind.semantics.writtenInputs {
        guard operation.inputs.indices.contains(position), let id = operation.inputs[position]
        else { continue }
        result[id, default: []].append(index)
      }
    }
    return result
  }
}

/// A depth-first walk through operands, and what it has met.
private struct DependencyWalk {
  let graph: Graph
  let producers: [TensorID: Int]
  /// The operators that were left, in that order.
  private(set) var order: [Int] = []
  /// The variables that these use, in the order of their first use.
  private(set) var variables: [TensorID] = []
  private var entered = Set<Int>()
  private var known = Set<TensorID>()

  init(graph: Graph) {
    self.graph = graph
    producers = graph.producers
  }

  mutating func visit(_ id: TensorID) {
    if let root = producers[id] { visit(operator: root) }
  }

  mutating func visit(operator root: Int) {
    guard entered.insert(root).inserted else { return }
    // A stack instead of recursion: graphs from files may be thousands of operators deep.
    var stack = [(index: root, nextInput: 0)]
    while let (index, nextInput) = stack.last {
      let inputs = graph.operators[index].inputs
      guard nextInput < inputs.count else {
        leave(index)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].nextInput += 1
      if let input = inputs[nextInput], let producer = producers[input],
        entered.insert(producer).inserted
      {
        stack.append((producer, 0))
      }
    }
  }

  private mutating func leave(_ index: Int) {
    order.append(index)
    for case let input? in graph.operators[index].inputs
    where graph[input].isVariable && known.insert(input).inserted {
      variables.append(input)
    }
  }
}
