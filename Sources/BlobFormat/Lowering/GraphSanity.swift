// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What lowering relies on, checked once, so that a graph made by hand cannot make it trap.
enum GraphSanity {
  /// - Throws: ``BlobFormatError/illegalGraph(reason:remedy:)``.
  static func check(_ graph: Graph) throws(BlobFormatError) {
    do throws(ModelGraphError) {
      try graph.verify()
    } catch {
      throw .illegalGraph(reason: error.description, remedy: "")
    }
    for tensor in graph.tensors where tensor.isVariable {
      throw .illegalGraph(
        reason: "tensor '\(NameShortener.shorten(tensor.name))' keeps state between inferences",
        remedy: "This version packs stateless models only; pass the state in and out as tensors.")
    }
  }
}
