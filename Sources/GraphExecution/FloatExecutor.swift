// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Runs a float network on the host, one inference at a time.
///
/// It holds the plan and the constants, which threads share; each thread makes a ``FloatContext`` of its
/// own. Results do not depend on the number of threads. All kinds of operators are executed, in float32,
/// and on plain integers and truth values where an operator moves or compares them; quantized tensors
/// are not: that is the runtime's job.
public struct FloatExecutor: Sendable {
  /// The most bytes that the tensors of one inference may take.
  public static let byteLimit = 1 << 30

  /// The graph that it runs.
  public let graph: Graph
  let plan: ExecutionPlan
  /// The constants' bytes, by tensor.
  let constants: [Int: AlignedBuffer]
  /// Filters packed for matrix products, by operator.
  let packedFilters: [Int: AlignedBuffer]

  /// Verifies a graph and prepares its operators.
  ///
  /// - Throws: ``GraphExecutionError/illegalGraph(_:)``;
  ///   ``GraphExecutionError/unsupportedOperator(index:kind:name:reason:remedy:)`` for quantized tensors
  ///   and for types that an operator does not compute with;
  ///   ``GraphExecutionError/tooLarge(byteCount:limit:)``.
  public init(_ graph: Graph) throws(GraphExecutionError) {
    do throws(ModelGraphError) {
      try graph.verify()
    } catch {
      throw .illegalGraph(error)
    }
    try self.init(verified: graph)
  }

  /// Prepares a graph each of whose operators is known to be legal.
  init(verified graph: Graph) throws(GraphExecutionError) {
    self.graph = graph
    plan = try ExecutionPlan(graph)
    let constants = graph.tensors.indices.reduce(into: [:]) { result, index in
      graph.tensors[index].constant.map { result[index] = AlignedBuffer($0) }
    }
    self.constants = constants
    packedFilters = plan.kernels.enumerated().reduce(into: [:]) { result, entry in
      guard let packing = entry.element.packing, let filter = constants[packing.filter.index]
      else { return }
      result[entry.offset] = packing.packed(filter)
    }
  }

  private init(
    graph: Graph, plan: ExecutionPlan, constants: [Int: AlignedBuffer],
    packedFilters: [Int: AlignedBuffer]
  ) {
    self.graph = graph
    self.plan = plan
    self.constants = constants
    self.packedFilters = packedFilters
  }

  /// Memory for one thread's inferences.
  public func makeContext() -> FloatContext { FloatContext(self) }

  /// Runs one inference in a context of its own.
  ///
  /// - Parameter inputs: One value for each input of the graph, of its shape and type.
  /// - Returns: The outputs.
  public func run(_ inputs: [TensorValue]) throws(GraphExecutionError) -> [TensorValue] {
    guard inputs.count == graph.inputs.count else {
      throw .wrongInputCount(actual: inputs.count, expected: graph.inputs.count)
    }
    let context = makeContext()
    for (port, input) in inputs.enumerated() { try context.setInput(port, input) }
    try context.run()
    return graph.outputs.map(context.value(of:))
  }

  /// The same plan with other values for some constants.
  ///
  /// - Parameter constants: float32 constants of the graph, and as many elements as each has.
  /// - Throws: ``GraphExecutionError/wrongConstant(_:actual:expected:)``.
  public func replacingConstants(
    _ constants: [TensorID: [Float]]
  ) throws(GraphExecutionError) -> FloatExecutor {
    var (graph, buffers) = (graph, self.constants)
    for (id, values) in constants.sorted(by: { $0.key < $1.key }) {
      guard graph.tensors.indices.contains(id.index), let old = graph[id].constant,
        graph[id].elementType == .float32, old.count == 4 * values.count
      else {
        throw .wrongConstant(
          id, actual: "\(values.count) floats", expected: graph.constantDescription(id))
      }
      let bytes = values.withUnsafeBytes { [UInt8]($0) }
      graph[id].constant = bytes
      buffers[id.index] = AlignedBuffer(bytes)
    }
    var packed = packedFilters
    for (index, kernel) in plan.kernels.enumerated() {
      guard let packing = kernel.packing, constants[TensorID(packing.filter.index)] != nil,
        let filter = buffers[packing.filter.index]
      else { continue }
      packed[index] = packing.packed(filter)
    }
    return FloatExecutor(graph: graph, plan: plan, constants: buffers, packedFilters: packed)
  }
}

extension Graph {
  /// What a tensor takes as a constant, for messages.
  fileprivate func constantDescription(_ id: TensorID) -> String {
    guard tensors.indices.contains(id.index) else { return "nothing: there is no such tensor" }
    let tensor = self[id]
    guard tensor.constant != nil else { return "nothing: it is no constant" }
    return "\(tensor.elementType.rawValue) \(tensor.shape)"
  }
}
