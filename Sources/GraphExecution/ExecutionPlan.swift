// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The kernels of a graph's operators, and where the tensors lie in a context's memory. All of them
/// stay readable after a run: none shares bytes with another.
final class ExecutionPlan: Sendable {
  let kernels: [any Kernel]
  /// For each tensor that is no constant, its offset.
  let offsets: [Int?]
  /// The memory that the tensors take.
  let byteCount: Int
  /// The memory that the most demanding kernel takes beside them.
  let scratchByteCount: Int

  init(_ graph: Graph) throws(GraphExecutionError) {
    var offset = 0
    offsets = graph.tensors.map { tensor in
      guard tensor.constant == nil else { return nil }
      defer { offset += AlignedBuffer.padded(tensor.byteCount) }
      return offset
    }
    byteCount = offset
    // Kernels have tables, whose sizes follow from the tensors'.
    try Self.requireRoom(byteCount)
    var kernels: [any Kernel] = []
    for index in graph.operators.indices {
      kernels.append(try KernelFactory(graph, operator: index).kernel())
    }
    self.kernels = kernels
    scratchByteCount = kernels.map(\.scratchByteCount).max() ?? 0
    try Self.requireRoom(byteCount + scratchByteCount)
  }

  private static func requireRoom(_ byteCount: Int) throws(GraphExecutionError) {
    guard byteCount <= FloatExecutor.byteLimit else {
      throw .tooLarge(byteCount: byteCount, limit: FloatExecutor.byteLimit)
    }
  }
}
