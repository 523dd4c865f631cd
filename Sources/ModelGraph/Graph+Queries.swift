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

  /// The operators that some output depends on, each after those that it depends on, in an order that
  /// follows from the connections alone: a depth-first walk from the outputs through the operands.
  ///
  /// - Precondition: The graph is verified.
  func operatorsInDependencyOrder() -> [Int] {
    let producers = self.producers
    var order: [Int] = []
    var entered = Set<Int>()
    // A stack instead of recursion: graphs from files may be thousands of operators deep.
    var stack: [(index: Int, nextInput: Int)] = []
    for output in outputs {
      guard let root = producers[output], entered.insert(root).inserted else { continue }
      stack.append((root, 0))
      while let (index, nextInput) = stack.last {
        let inputs = operators[index].inputs
        guard nextInput < inputs.count else {
          order.append(index)
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
    return order
  }
}
