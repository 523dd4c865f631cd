// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// The tensors of one thread's inferences. Running allocates nothing; every tensor stays readable until
/// the next run overwrites it.
///
/// A context must not be used by two threads at once. Variables keep their values from run to run.
public final class FloatContext {
  private var executor: FloatExecutor
  private let storage: AlignedBuffer
  private let scratch: AlignedBuffer
  private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let memory: TensorMemory
  /// Room for a filter that is no constant, packed.
  private let filterRoom: AlignedBuffer
  /// What was wrong with an input that was set; the next run reports it.
  private var inputProblem: GraphExecutionError?

  init(_ executor: FloatExecutor) {
    self.executor = executor
    let plan = executor.plan
    let storage = AlignedBuffer(byteCount: plan.byteCount)
    self.storage = storage
    scratch = AlignedBuffer(byteCount: plan.scratchByteCount)
    addresses = .allocate(capacity: max(1, plan.offsets.count))
    for (index, offset) in plan.offsets.enumerated() {
      let address =
        offset.map { storage.base + $0 } ?? executor.constants[index]?.base ?? storage.base
      (addresses + index).initialize(to: address)
    }
    memory = TensorMemory(addresses: addresses, scratch: scratch.base)
    filterRoom = AlignedBuffer(
      byteCount: plan.kernels.indices.reduce(0) { bytes, index in
        guard executor.packedFilters[index] == nil else { return bytes }
        return max(bytes, plan.kernels[index].packing?.byteCount ?? 0)
      })
    resetVariables()
  }

  deinit { addresses.deallocate() }

  /// Makes the context one of another executor, if that differs in the values of constants only; variables
  /// start anew.
  ///
  /// - Returns: Whether it does; nothing changes if not.
  public func adopt(_ other: FloatExecutor) -> Bool {
    guard other.plan === executor.plan else { return false }
    executor = other
    for (index, constant) in other.constants { addresses[index] = constant.base }
    resetVariables()
    return true
  }

  /// Gives variables the values that they have before the first inference.
  public func resetVariables() {
    for (index, tensor) in executor.graph.tensors.enumerated() where tensor.isVariable {
      let value = tensor.initialValue ?? [UInt8](repeating: 0, count: tensor.byteCount)
      value.withUnsafeBytes { addresses[index].copyMemory(from: $0) }
    }
  }

  /// Sets a float32 input.
  ///
  /// - Parameters:
  ///   - port: The input's position in the graph's interface.
  ///   - values: As many as it has elements. What does not fit is reported by the next ``run(_:visit:)``.
  public func setInput(_ port: Int, _ values: some Collection<Float>) {
    let slot: TensorSlot
    do throws(GraphExecutionError) {
      slot = try inputSlot(
        port, elementType: .float32, count: values.count, "\(values.count) floats")
    } catch {
      inputProblem = inputProblem ?? error
      return
    }
    let target = UnsafeMutableBufferPointer(start: memory.floats(slot), count: slot.count)
    _ = target.update(from: values)
  }

  /// Sets an input of any type.
  ///
  /// - Throws: ``GraphExecutionError/wrongInput(port:name:actual:expected:)`` if shape, type or number of
  ///   bytes are not the input's; ``GraphExecutionError/wrongInputCount(actual:expected:)`` if there is
  ///   no such input.
  public func setInput(_ port: Int, _ value: TensorValue) throws(GraphExecutionError) {
    let actual = "\(value.elementType.rawValue) \(value.shape), \(value.bytes.count) bytes"
    let slot = try inputSlot(
      port, elementType: value.elementType, count: value.shape.elementCount(atMost: .max), actual)
    guard slot.shape == value.shape, slot.byteCount == value.bytes.count else {
      throw wrongInput(port, actual)
    }
    value.bytes.withUnsafeBytes { memory.bytes(slot).copyMemory(from: $0) }
  }

  /// Runs operators.
  ///
  /// - Parameters:
  ///   - range: Which ones; all by default. Others' results are those of the last run.
  ///   - visit: Called behind each operator with each of its float32 outputs, which it may read and
  ///     rewrite in place before the next operator reads them.
  /// - Throws: ``GraphExecutionError/wrongRange(_:operatorCount:)``, and what was wrong with an input
  ///   that was set since the last run.
  public func run(
    _ range: Range<Int>? = nil,
    visit: ((TensorID, UnsafeMutableBufferPointer<Float>) -> Void)? = nil
  ) throws(GraphExecutionError) {
    if let problem = inputProblem {
      inputProblem = nil
      throw problem
    }
    let kernels = executor.plan.kernels
    let range = range ?? kernels.indices
    guard range.lowerBound >= 0, range.upperBound <= kernels.count else {
      throw .wrongRange(range, operatorCount: kernels.count)
    }
    for index in range {
      run(kernels[index], index)
      guard let visit else { continue }
      for id in executor.graph.operators[index].outputs
      where executor.graph[id].elementType == .float32 {
        visit(id, floats(id))
      }
    }
  }

  private func run(_ kernel: any Kernel, _ index: Int) {
    guard let packing = kernel.packing else { return kernel.run(memory) }
    let packed = executor.packedFilters[index] ?? filterRoom
    var memory = memory
    memory.packedFilter = packed.base.assumingMemoryBound(to: Float.self)
    if executor.packedFilters[index] == nil {
      packing.pack(memory.floats(packing.filter), into: memory.packedFilter)
    }
    kernel.run(memory)
  }

  /// Reads or overwrites a float32 tensor's elements.
  ///
  /// - Parameters:
  ///   - tensor: Any tensor; `body` gets an empty buffer for one of another type. Constants are shared
  ///     with other contexts and must not be written: ``FloatExecutor/replacingConstants(_:)`` is for that.
  public func withFloats<R>(
    _ tensor: TensorID, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    try body(floats(tensor))
  }

  /// A copy of a tensor of any type.
  public func value(of tensor: TensorID) -> TensorValue {
    let slot = TensorSlot(tensor, of: executor.graph)
    let bytes = UnsafeRawBufferPointer(start: memory.bytes(slot), count: slot.byteCount)
    return TensorValue(shape: slot.shape, elementType: slot.elementType, bytes: [UInt8](bytes))
  }

  private func floats(_ id: TensorID) -> UnsafeMutableBufferPointer<Float> {
    let slot = TensorSlot(id, of: executor.graph)
    guard slot.elementType == .float32 else {
      return UnsafeMutableBufferPointer(start: nil, count: 0)
    }
    return UnsafeMutableBufferPointer(start: memory.floats(slot), count: slot.count)
  }

  private func inputSlot(
    _ port: Int, elementType: ElementType, count: Int?, _ actual: String
  ) throws(GraphExecutionError) -> TensorSlot {
    let inputs = executor.graph.inputs
    guard inputs.indices.contains(port) else {
      throw .wrongInputCount(actual: port + 1, expected: inputs.count)
    }
    let slot = TensorSlot(inputs[port], of: executor.graph)
    guard slot.elementType == elementType, slot.count == count else {
      throw wrongInput(port, actual)
    }
    return slot
  }

  private func wrongInput(_ port: Int, _ actual: String) -> GraphExecutionError {
    let tensor = executor.graph[executor.graph.inputs[port]]
    return .wrongInput(
      port: port, name: tensor.name, actual: actual,
      expected: "\(tensor.elementType.rawValue) \(tensor.shape), \(tensor.byteCount) bytes")
  }
}
