// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What lowering relies on, checked once, so that a graph made by hand cannot make it trap.
enum GraphSanity {
  /// Largest number of elements of one tensor.
  private static let elementLimit = 1 << 28

  /// - Throws: ``BlobFormatError/illegalGraph(reason:remedy:)``.
  static func check(_ graph: Graph) throws(BlobFormatError) {
    for tensor in graph.tensors { try check(tensor) }
    try checkOrder(graph)
  }

  private static func check(_ tensor: Tensor) throws(BlobFormatError) {
    guard let count = tensor.shape.elementCount(atMost: elementLimit) else {
      throw broken("tensor '\(tensor.name)' has the impossible shape \(tensor.shape)")
    }
    if let constant = tensor.constant, constant.count != tensor.elementType.byteCount(of: count) {
      throw broken(
        "constant '\(tensor.name)' has \(constant.count) bytes, its shape says "
          + "\(tensor.elementType.byteCount(of: count))")
    }
    if let quantization = tensor.quantization {
      guard !quantization.scales.isEmpty,
        quantization.scales.count == quantization.zeroPoints.count,
        quantization.scales.allSatisfy({ $0.isFinite && $0 > 0 })
      else { throw broken("tensor '\(tensor.name)' has illegal quantization parameters") }
    }
    if tensor.isVariable {
      throw .illegalGraph(
        reason: "tensor '\(tensor.name)' keeps state between inferences",
        remedy: "This version packs stateless models only; pass the state in and out as tensors.")
    }
  }

  private static func checkOrder(_ graph: Graph) throws(BlobFormatError) {
    let all = graph.tensors.indices
    var isDefined = graph.tensors.map { $0.constant != nil }
    for input in graph.inputs {
      guard all.contains(input.index), graph[input].constant == nil else {
        throw broken("an input is not a tensor that can be filled")
      }
      isDefined[input.index] = true
    }
    for node in graph.operators {
      for input in node.inputs.compactMap({ $0 }) {
        guard all.contains(input.index), isDefined[input.index] else {
          throw broken("operator '\(node.name)' reads a tensor that nothing has written")
        }
      }
      for output in node.outputs {
        guard all.contains(output.index), !isDefined[output.index] else {
          throw broken("operator '\(node.name)' writes a tensor that already has a value")
        }
        isDefined[output.index] = true
      }
    }
    for output in graph.outputs {
      guard all.contains(output.index), isDefined[output.index] else {
        throw broken("an output is never computed")
      }
    }
    guard !graph.outputs.isEmpty else { throw broken("it has no output") }
  }

  private static func broken(_ reason: String) -> BlobFormatError {
    .illegalGraph(reason: reason, remedy: "The model file is broken: export it again.")
  }
}
