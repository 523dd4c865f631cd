// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The nodes of a graph that its outputs depend on, in an order in which they can be computed: that of
/// the file, if it is one.
struct ONNXNodeOrder {
  /// Indices of the needed nodes.
  private(set) var order: [Int] = []
  /// For every name that a node computes, the node.
  let producers: [String: Int]
  private let nodes: [ONNXNode]
  private enum State { case unseen, entered, left }
  private var states: [State]

  /// Orders the nodes of a graph.
  ///
  /// - Throws: The node that depends on itself, or that computes what something else has computed.
  init(_ graph: ONNXGraph) throws(ONNXNodeProblem) {
    nodes = graph.node
    states = [State](repeating: .unseen, count: nodes.count)
    producers = try Self.producers(of: graph)
    let needed = Self.needed(graph, producers)
    for index in nodes.indices where needed[index] && states[index] == .unseen {
      try visit(index)
    }
  }

  private static func producers(of graph: ONNXGraph) throws(ONNXNodeProblem) -> [String: Int] {
    var producers: [String: Int] = [:]
    let given = Set(graph.input.map(\.name) + graph.initializer.map(\.name))
    for (index, node) in graph.node.enumerated() {
      for output in node.output where !output.isEmpty {
        guard !given.contains(output), producers.updateValue(index, forKey: output) == nil else {
          throw ONNXNodeProblem(
            index,
            .damaged("it computes \(output.abbreviatedForMessage), which already has a value"))
        }
      }
    }
    return producers
  }

  private static func needed(_ graph: ONNXGraph, _ producers: [String: Int]) -> [Bool] {
    var needed = [Bool](repeating: false, count: graph.node.count)
    var open = graph.output.compactMap { producers[$0.name] }
    while let index = open.popLast() {
      guard !needed[index] else { continue }
      needed[index] = true
      open += graph.node[index].input.compactMap { producers[$0] }
    }
    return needed
  }

  /// Puts a node behind those that it depends on. A stack instead of recursion: files may have
  /// thousands of nodes.
  private mutating func visit(_ root: Int) throws(ONNXNodeProblem) {
    var stack = [(index: root, nextInput: 0)]
    states[root] = .entered
    while let (index, nextInput) = stack.last {
      let inputs = nodes[index].input
      guard nextInput < inputs.count else {
        states[index] = .left
        order.append(index)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].nextInput += 1
      guard let producer = producers[inputs[nextInput]] else { continue }
      switch states[producer] {
      case .left: break
      case .unseen:
        states[producer] = .entered
        stack.append((producer, 0))
      case .entered:
        throw ONNXNodeProblem(
          index,
          .damaged(
            "it depends on itself: its input \(inputs[nextInput].abbreviatedForMessage) is computed "
              + "from its output"))
      }
    }
  }
}
