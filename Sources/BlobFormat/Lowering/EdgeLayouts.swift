// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Transposes behind a graph's inputs and in front of its outputs, which the host carries out: the
/// board sees images as its kernels read them, users keep the layout of their model.
///
/// That happens where every reader of an input wants it in the same order, and where nothing else reads
/// a transposed output. Reshapes between the edge and such a transpose go along.
struct EdgeLayouts {
  /// An edge whose layout the host changes.
  struct Edge {
    /// The tensor at the board's side: float32 where a QUANTIZE comes next.
    var tensor: TensorID
    /// What the host does, in order. The port is not known yet.
    var operators: [BlobMetadata.HostOperator] = []
  }

  private let graph: Graph
  private let consumers: [TensorID: [Int]]
  private let producers: [TensorID: Int]
  /// Edges by graph input.
  private(set) var inputs: [TensorID: Edge] = [:]
  /// Edges by graph output.
  private(set) var outputs: [TensorID: Edge] = [:]
  /// Positions of the operators that the host carries out instead of the board.
  private(set) var absorbed: Set<Int> = []
  /// Results of a second transpose of an input, and that of the first one.
  private(set) var twins: [TensorID: TensorID] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    consumers = graph.consumers
    producers = graph.producers
    for input in graph.inputs { followInput(input) }
    for output in graph.outputs { followOutput(output) }
  }

  // MARK: Inputs

  private mutating func followInput(_ input: TensorID) {
    var current = input
    var path: [Int] = []
    var found: (edge: Edge, pathLength: Int, twins: [Int])?
    var operators: [BlobMetadata.HostOperator] = []
    while !graph.outputs.contains(current), let readers = consumers[current],
      let first = readers.first
    {
      let node = graph.operators[first]
      guard node.outputs.count == 1, node.inputs.first == .some(.some(current)) else { break }
      if readers.count == 1, node.kind == .quantize, graph[current].elementType == .float32 {
        current = node.outputs[0]
        continue
      }
      guard keepsElements(node), readers.allSatisfy({ isTwin(graph.operators[$0], of: node) })
      else { break }
      operators.append(record(of: node, side: .input))
      path += readers
      current = node.outputs[0]
      if case .transpose = node.kind {
        found = (
          Edge(tensor: current, operators: operators), path.count, Array(readers.dropFirst())
        )
      }
      // Behind several readers there is no single way to follow.
      guard readers.count == 1 else { break }
    }
    guard let found, !graph.outputs.contains(found.edge.tensor) else { return }
    inputs[input] = found.edge
    absorbed.formUnion(path.prefix(found.pathLength))
    for index in found.twins { twins[graph.operators[index].outputs[0]] = found.edge.tensor }
  }

  /// Whether an operator does the same as another one that reads the same tensor.
  private func isTwin(_ node: Operator, of other: Operator) -> Bool {
    guard node.outputs != other.outputs else { return true }
    guard case .transpose = node.kind else { return false }
    return node.kind == other.kind && keepsElements(node)
      && !node.outputs.contains(where: graph.outputs.contains)
  }

  // MARK: Outputs

  private mutating func followOutput(_ output: TensorID) {
    guard consumers[output] == nil else { return }
    var current = output
    var path: [Int] = []
    var length = 0
    while let producer = producers[current], !absorbed.contains(producer) {
      let node = graph.operators[producer]
      guard node.outputs.count == 1, case let input?? = node.inputs.first else { break }
      if keepsElements(node), graph[input].elementType != .float32 {
        path.append(producer)
        if case .transpose = node.kind { length = path.count }
      } else if graph[current].elementType != .float32 {
        break
      }
      guard consumers[input]?.count == 1, !graph.outputs.contains(input) else { break }
      current = input
    }
    let taken = path.prefix(length)
    guard let last = taken.last, case let board?? = graph.operators[last].inputs.first,
      isComputed(board)
    else { return }
    absorbed.formUnion(taken)
    outputs[output] = Edge(
      tensor: board,
      operators: taken.reversed().map { record(of: graph.operators[$0], side: .output) })
  }

  /// Whether a step will write a tensor's bytes, rather than that they are an input's, a constant's or a
  /// variable's.
  private func isComputed(_ tensor: TensorID) -> Bool {
    var current = tensor
    while let producer = producers[current], !absorbed.contains(producer) {
      let node = graph.operators[producer]
      switch node.kind {
      case .readVariable: return false
      case .reshape, .quantize, .transpose:
        guard case let input?? = node.inputs.first else { return false }
        current = input
      default: return true
      }
    }
    return false
  }

  // MARK: Operators

  /// Whether an operator gives the elements that it takes, in another shape or order.
  private func keepsElements(_ node: Operator) -> Bool {
    guard case let input?? = node.inputs.first, let output = node.outputs.first else {
      return false
    }
    switch node.kind {
    case .transpose, .reshape: break
    default: return false
    }
    return graph[input].elementType == graph[output].elementType
      && graph[input].quantization == graph[output].quantization
      && graph[input].byteCount == graph[output].byteCount
  }

  private func record(
    of node: Operator, side: BlobMetadata.HostOperator.Side
  ) -> BlobMetadata.HostOperator {
    let input = node.inputs.first.flatMap { $0 }.map { graph[$0].shape.dimensions }
    var record = BlobMetadata.HostOperator(
      kind: node.kind.label, port: 0, sources: node.sourceIndices,
      shape: node.outputs.first.map { graph[$0].shape.dimensions })
    if side == .input { record.side = .input }
    if case .transpose(let permutation) = node.kind {
      record.permutation = permutation
    } else if side == .input {
      record.from = input
    }
    return record
  }
}
