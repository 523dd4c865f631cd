// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A graph as steps of kernels, before anything has an address.
struct LoweredGraph {
  /// The steps, in execution order.
  var steps: [LoweredStep] = []
  /// For every tensor of the graph, the tensor whose bytes it shares: itself, or what it is a view of.
  var storage: [Int]
  /// What the caller fills.
  var inputs: [Port] = []
  /// What the caller reads.
  var outputs: [Port] = []
  /// Operators that the host runs at the edges.
  var hostOperators: [BlobMetadata.HostOperator] = []

  /// An input or output as its user sees it.
  struct Port {
    var tensor: TensorID
    var name: String
    var externalType: ElementType
    var operation: HostOperation
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

  /// Lifetimes of the tensors that are used, each under its own name: a view begins with the step after
  /// the one that writes its bytes, inputs at 0, and outputs end at the number of steps.
  func lifetimes(of graph: Graph, inputsSurvive: Bool) -> [TensorID: Lifetime] {
    var producer: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      for output in step.outputs { producer[storage[output.index]] = index }
    }
    var lifetimes: [TensorID: Lifetime] = [:]
    func use(_ tensor: TensorID, at step: Int) {
      guard graph.tensors[storage[tensor.index]].constant == nil else { return }
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
