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
  struct Lifetime {
    var first: Int
    var last: Int
  }

  /// Lifetimes by storage tensor; inputs begin at 0, outputs end at the number of steps.
  func lifetimes(of graph: Graph, inputsSurvive: Bool) -> [Int: Lifetime] {
    var lifetimes: [Int: Lifetime] = [:]
    func use(_ tensor: TensorID, at step: Int) {
      guard graph[tensor].constant == nil else { return }
      let key = storage[tensor.index]
      let old = lifetimes[key] ?? Lifetime(first: step, last: step)
      lifetimes[key] = Lifetime(first: min(old.first, step), last: max(old.last, step))
    }
    for port in inputs {
      use(port.tensor, at: 0)
      if inputsSurvive { use(port.tensor, at: steps.count) }
    }
    for (index, step) in steps.enumerated() {
      for tensor in step.inputs + step.outputs { use(tensor, at: index) }
    }
    for port in outputs { use(port.tensor, at: steps.count) }
    return lifetimes
  }
}
