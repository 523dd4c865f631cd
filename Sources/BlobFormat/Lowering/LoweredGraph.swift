// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A graph as steps of kernels, before anything has an address.
struct LoweredGraph {
  /// The graph that was lowered, and behind its tensors those that lowering added.
  var graph: Graph
  /// The steps, in execution order.
  var steps: [LoweredStep] = []
  /// For every tensor of the graph, the tensor whose bytes it shares: itself, or what it is a view of.
  var storage: [Int]
  /// Tensors that are some bytes of another one, such as rows of an image.
  var parts: [TensorID: Part] = [:]
  /// The tensors that keep their bytes between runs, in the order of the state region.
  var state: [StateTensor] = []
  /// What the caller fills.
  var inputs: [Port] = []
  /// What the caller reads.
  var outputs: [Port] = []
  /// Operators that the host runs at the edges.
  var hostOperators: [BlobMetadata.HostOperator] = []

  /// Which bytes a tensor has of another one that is no part itself.
  struct Part {
    var whole: TensorID
    /// First byte within the whole.
    var offset: Int
  }

  /// Bytes that lie together: some or all of what a tensor that is no view takes.
  struct Span: Hashable {
    /// The number of that tensor.
    var storage: Int
    var bytes: Range<Int>
  }

  /// The bytes that a tensor has during a run; `nil` for constants and state.
  func span(of tensor: TensorID) -> Span? {
    let part = parts[tensor]
    let root = storage[(part?.whole ?? tensor).index]
    guard graph.tensors[root].constant == nil, !state.contains(where: { $0.tensor.index == root })
    else { return nil }
    let start = part?.offset ?? 0
    return Span(storage: root, bytes: start..<(start + graph[tensor].byteCount))
  }

  /// Adds a tensor that is some rows of `whole`, an image of one batch.
  mutating func addRows(_ rows: Range<Int>, of whole: TensorID) -> TensorID {
    var tensor = graph[whole]
    let rowBytes = tensor.byteCount / tensor.shape[1]
    tensor.shape.dimensions[1] = rows.count
    let id = addTensor(tensor)
    parts[id] = Part(whole: whole, offset: rows.lowerBound * rowBytes)
    return id
  }

  /// Adds a tensor that no operator of the model knows.
  mutating func addTensor(_ tensor: Tensor) -> TensorID {
    let id = TensorID(graph.tensors.count)
    graph.tensors.append(tensor)
    storage.append(id.index)
    return id
  }

  /// An input or output as its user sees it.
  struct Port {
    var tensor: TensorID
    var name: String
    var externalType: ElementType
    var operation: HostOperation
  }

  /// A tensor of the state region.
  struct StateTensor {
    var tensor: TensorID
    /// Its bytes after a reset; empty for zeros.
    var initialValue: [UInt8]
  }

  /// Whether a tensor's bytes lie in the state region.
  func isState(_ tensor: TensorID) -> Bool {
    let root = storage[tensor.index]
    return state.contains { $0.tensor.index == root }
  }

  /// Steps during which a tensor's bytes must be kept.
  struct Lifetime: Hashable {
    var first: Int
    var last: Int

    mutating func extend(to step: Int) {
      first = min(first, step)
      last = max(last, step)
    }
  }

  /// Lifetimes of the tensors that are used and do not outlive a run, each under its own name: a view
  /// begins with the step after the one that writes its bytes, inputs at 0, and outputs end at the number
  /// of steps.
  func lifetimes(inputsSurvive: Bool) -> [TensorID: Lifetime] {
    let stateStorage = Set(state.map(\.tensor.index))
    var producer: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      for output in step.outputs { producer[storage[output.index]] = index }
    }
    var lifetimes: [TensorID: Lifetime] = [:]
    func use(_ tensor: TensorID, at step: Int) {
      let root = storage[tensor.index]
      guard graph.tensors[root].constant == nil, !stateStorage.contains(root) else { return }
      guard parts[tensor] == nil else {
        return lifetimes[tensor, default: Lifetime(first: step, last: step)].extend(to: step)
      }
      let written = producer[storage[tensor.index]]
      let isView = storage[tensor.index] != tensor.index
      let start = written.map { isView ? $0 + 1 : $0 } ?? 0
      lifetimes[tensor, default: Lifetime(first: start, last: start)].extend(to: step)
    }
    for port in inputs {
      use(port.tensor, at: inputsSurvive ? steps.count : 0)
    }
    for (index, step) in steps.enumerated() {
      for tensor in step.inputs + step.outputs { use(tensor, at: index) }
    }
    for port in outputs { use(port.tensor, at: steps.count) }
    return lifetimes
  }
}
