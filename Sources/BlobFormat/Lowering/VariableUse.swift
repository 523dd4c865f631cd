// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Who reads and writes the variables of a graph.
struct VariableUse {
  /// For every variable, the operators that write it, in execution order.
  let writers: [TensorID: [Int]]
  /// For every variable, the READ_VARIABLE operators, in execution order.
  let reads: [TensorID: [Int]]
  /// READ_VARIABLE operators that copy the value, because it is needed after the variable has changed.
  let copiedReads: Set<Int>
  /// READ_VARIABLE operators whose value was found to be needed after the variable has changed.
  var staleReads: Set<Int> = []

  init(_ graph: Graph, copiedReads: Set<Int>) {
    self.copiedReads = copiedReads
    writers = graph.variableWriters
    var reads: [TensorID: [Int]] = [:]
    for (index, operation) in graph.operators.enumerated() where operation.kind == .readVariable {
      if case let variable?? = operation.inputs.first { reads[variable, default: []].append(index) }
    }
    self.reads = reads
  }
}
