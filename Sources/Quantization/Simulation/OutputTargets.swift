// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The tensors whose error is measured: the outputs, or what stands in front of their final softmax or
/// logistic, where errors show before they are squeezed.
enum OutputTargets {
  static func find(in network: PreparedNetwork) -> [TensorID] {
    let graph = network.graph
    let producers = graph.producers
    var targets: [TensorID] = []
    for output in graph.outputs {
      var target = output
      // Past what only moves elements or decides, to the last real result.
      while let producer = producers[target],
        let input = graph.operators[producer].inputs.first ?? nil, network.isActivation(input),
        Self.isPassed(graph.operators[producer].kind)
      {
        target = input
      }
      if network.isActivation(target), !targets.contains(target) { targets.append(target) }
    }
    return targets
  }

  private static func isPassed(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .softmax, .logSoftmax, .argMax, .reshape, .transpose, .unary(.logistic): true
    default: false
    }
  }
}
