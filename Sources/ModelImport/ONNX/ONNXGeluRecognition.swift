// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Finds the nodes by which exporters before operator set 20 write GELU, x (1 + erf(x / √2)) / 2, and
/// puts one Gelu for them.
struct ONNXGeluRecognition {
  private let nodes: [ONNXNode]
  private let tensors: ONNXTensorReader
  private let initializers: [String: Int]
  private let graph: ONNXGraph
  private let producers: [String: Int]
  private let readers: [String: [Int]]

  private init(_ graph: ONNXGraph, _ producers: [String: Int], _ tensors: ONNXTensorReader) {
    self.graph = graph
    self.tensors = tensors
    self.producers = producers
    nodes = graph.node
    initializers = Dictionary(
      graph.initializer.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var readers: [String: [Int]] = [:]
    for (index, node) in graph.node.enumerated() {
      for input in node.input { readers[input, default: []].append(index) }
    }
    for output in graph.output { readers[output.name, default: []].append(graph.node.count) }
    self.readers = readers
  }

  /// The graph with a Gelu in the place of the last node of each group; the others then serve nothing.
  ///
  /// - Parameter producers: For every name that a node computes, the node.
  static func applied(
    to graph: ONNXGraph, _ producers: [String: Int], tensors: ONNXTensorReader
  ) -> ONNXGraph {
    guard graph.node.contains(where: { $0.opType == "Erf" }) else { return graph }
    let recognition = ONNXGeluRecognition(graph, producers, tensors)
    var result = graph
    for index in graph.node.indices where graph.node[index].opType == "Erf" {
      guard let (input, last) = recognition.match(index) else { continue }
      result.node[last].opType = "Gelu"
      result.node[last].input = [input]
      result.node[last].attribute = []
    }
    return result
  }

  /// x and the node that computes the result, around an Erf.
  private func match(_ erf: Int) -> (input: String, last: Int)? {
    guard let scaled = nodes[erf].input.first, let input = unscaled(scaled),
      let (sum, other) = follower(of: erf, "Add"), isNumber(other, 1),
      let (product, factor) = follower(of: sum, "Mul")
    else { return nil }
    if isHalf(of: input, factor) { return (input, product) }
    guard let (last, rest) = follower(of: product, "Mul") else { return nil }
    let isComplete =
      factor == input && isNumber(rest, 0.5) || rest == input && isNumber(factor, 0.5)
    return isComplete ? (input, last) : nil
  }

  /// The name of x if a name stands for x / √2.
  private func unscaled(_ name: String) -> String? {
    guard let index = producers[name], nodes[index].input.count == 2 else { return nil }
    let (first, second) = (nodes[index].input[0], nodes[index].input[1])
    let root = Float(2).squareRoot()
    switch nodes[index].opType {
    case "Div": return isNumber(second, root) ? first : nil
    case "Mul":
      if isNumber(second, 1 / root) { return first }
      return isNumber(first, 1 / root) ? second : nil
    default: return nil
    }
  }

  /// Whether a name stands for x / 2.
  private func isHalf(of input: String, _ name: String) -> Bool {
    guard let index = producers[name], nodes[index].input.count == 2 else { return false }
    let (first, second) = (nodes[index].input[0], nodes[index].input[1])
    switch nodes[index].opType {
    case "Mul":
      return first == input && isNumber(second, 0.5) || second == input && isNumber(first, 0.5)
    case "Div": return first == input && isNumber(second, 2)
    default: return false
    }
  }

  /// The only reader of a node's result, if it is of a type with two inputs, and its other input.
  private func follower(of index: Int, _ type: String) -> (Int, String)? {
    guard let name = nodes[index].output.first, let all = readers[name], all.count == 1,
      nodes.indices.contains(all[0])
    else { return nil }
    let node = nodes[all[0]]
    guard node.opType == type, node.input.count == 2 else { return nil }
    return (all[0], node.input[0] == name ? node.input[1] : node.input[0])
  }

  /// Whether a name is a constant with one element, which is this number up to rounding.
  private func isNumber(_ name: String, _ value: Float) -> Bool {
    guard let tensor = tensor(name), tensor.dims.allSatisfy({ $0 == 1 }),
      let number = try? tensors.constant(tensor).float
    else { return false }
    return abs(number - value) <= 1e-3 * value
  }

  private func tensor(_ name: String) -> ONNXTensorData? {
    if let index = initializers[name] { return graph.initializer[index] }
    guard let index = producers[name], nodes[index].opType == "Constant" else { return nil }
    return nodes[index].attribute.first { $0.name == "value" }?.t
  }
}
