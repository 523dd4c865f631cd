// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// A blob, opened and run by the C runtime on this machine: the very code that runs on the boards.
///
/// Tensors are handed over as bytes, in the element type and order of the blob's tensors. A model may
/// be used by one thread at a time; different models are independent of each other.
public final class HostModel {
  /// The number of inputs of a run.
  public let inputCount: Int

  /// The number of outputs of a run.
  public let outputCount: Int

  /// The number of steps that a run executes.
  public let stepCount: Int

  /// The RAM that a run needs, in bytes: activations, scratch, state, input and output.
  public let arenaBytes: Int

  private let blob: AlignedMemory
  private let arena: AlignedMemory
  private let model: UnsafeMutablePointer<shunt_model_t>

  /// Copies a blob, validates it completely, and brings its state to the beginning.
  ///
  /// - Parameter blob: A whole blob; bytes behind its end are ignored.
  /// - Throws: ``HostRuntimeError/invalidBlob(status:reason:)``,
  ///   ``HostRuntimeError/missingKernel(name:id:set:version:)``,
  ///   ``HostRuntimeError/invalidStep(index:name:kernel:)`` or
  ///   ``HostRuntimeError/outOfMemory(neededBytes:)``.
  public init(blob bytes: [UInt8]) throws(HostRuntimeError) {
    let blob = try AlignedMemory(copying: bytes)
    let model = UnsafeMutablePointer<shunt_model_t>.allocate(capacity: 1)
    model.initialize(to: shunt_model_t())
    do throws(HostRuntimeError) {
      try HostModel.open(model, blob)
      arena = try AlignedMemory(byteCount: shunt_arena_bytes(model))
      try HostModel.requireSuccess(shunt_bind(model, arena.start, arena.byteCount))
    } catch {
      model.deallocate()
      throw error
    }
    self.blob = blob
    self.model = model
    inputCount = Int(model.pointee.input_count)
    outputCount = Int(model.pointee.output_count)
    stepCount = Int(shunt_step_count(model))
    arenaBytes = arena.byteCount
  }

  deinit { model.deallocate() }

  /// The size of an input, in bytes.
  ///
  /// - Parameter index: 0 ..< ``inputCount``; for any other the size is 0.
  public func inputByteCount(_ index: Int) -> Int {
    guard let index = UInt32(exactly: index) else { return 0 }
    return shunt_input(model, index).map { Int($0.pointee.bytes) } ?? 0
  }

  /// The size of an output, in bytes.
  ///
  /// - Parameter index: 0 ..< ``outputCount``; for any other the size is 0.
  public func outputByteCount(_ index: Int) -> Int {
    guard let index = UInt32(exactly: index) else { return 0 }
    return shunt_output(model, index).map { Int($0.pointee.bytes) } ?? 0
  }

  /// The name of a step, for messages; empty if there is no such step.
  public func stepName(_ index: Int) -> String {
    guard (0..<stepCount).contains(index) else { return "" }
    return String(cString: model.pointee.strings + Int(model.pointee.steps[index].name))
  }

  /// The name of a tensor, for messages; empty if there is no such tensor.
  public func tensorName(_ index: Int) -> String {
    guard (0..<Int(model.pointee.tensor_count)).contains(index) else { return "" }
    return String(cString: model.pointee.strings + Int(model.pointee.tensors[index].name))
  }

  /// Brings a stateful model back to where it was before its first run. Does nothing to others.
  public func reset() {
    shunt_reset(model)
  }

  /// Runs the model once.
  ///
  /// - Parameter inputs: The bytes of each input, ``inputByteCount(_:)`` of them.
  /// - Returns: The bytes of each output.
  /// - Throws: ``HostRuntimeError/wrongInputCount(expected:given:)`` or
  ///   ``HostRuntimeError/wrongInputSize(index:expectedBytes:givenBytes:)``.
  public func run(inputs: [[UInt8]]) throws(HostRuntimeError) -> [[UInt8]] {
    try stage(inputs)
    shunt_run(model)
    return outputs()
  }

  /// Runs the model once, step by step.
  ///
  /// - Parameters:
  ///   - inputs: The bytes of each input, ``inputByteCount(_:)`` of them.
  ///   - tap: Called after each step with the step's number, and the index and bytes of each tensor
  ///     that the step has written.
  /// - Returns: The bytes of each output, the same as those of ``run(inputs:)``.
  /// - Throws: ``HostRuntimeError/wrongInputCount(expected:given:)`` or
  ///   ``HostRuntimeError/wrongInputSize(index:expectedBytes:givenBytes:)``.
  public func run(
    inputs: [[UInt8]], tap: (_ step: Int, _ outputs: [(tensor: Int, bytes: [UInt8])]) -> Void
  ) throws(HostRuntimeError) -> [[UInt8]] {
    try stage(inputs)
    for step in 0..<stepCount {
      shunt_run_step(model, UInt32(step))
      tap(step, written(by: step))
    }
    return outputs()
  }
}

extension HostModel {
  /// Opens `blob` into `model`, and names what is at fault if that fails.
  private static func open(
    _ model: UnsafeMutablePointer<shunt_model_t>, _ blob: AlignedMemory
  ) throws(HostRuntimeError) {
    let status = shunt_open(model, blob.start, blob.byteCount, KernelTables.all.table)
    let culprit = Int(model.pointee.failed_step)
    switch status {
    case SHUNT_ERR_KERNEL:
      throw BlobCulprits(blob).missingKernel(culprit)
    case SHUNT_ERR_PARAMS:
      throw BlobCulprits(blob).invalidStep(culprit)
    default:
      try requireSuccess(status)
    }
  }

  private static func requireSuccess(_ status: shunt_status_t) throws(HostRuntimeError) {
    guard status != SHUNT_OK else { return }
    throw .invalidBlob(
      status: Int(status.rawValue), reason: String(cString: shunt_status_text(status)))
  }

  /// Writes the inputs into the arena, if all of them have the right size.
  private func stage(_ inputs: [[UInt8]]) throws(HostRuntimeError) {
    guard inputs.count == inputCount else {
      throw .wrongInputCount(expected: inputCount, given: inputs.count)
    }
    for (index, input) in inputs.enumerated() where input.count != inputByteCount(index) {
      throw .wrongInputSize(
        index: index, expectedBytes: inputByteCount(index), givenBytes: input.count)
    }
    for (index, input) in inputs.enumerated() {
      shunt_input_data(model, UInt32(index))?.copyMemory(from: input, byteCount: input.count)
    }
  }

  private func outputs() -> [[UInt8]] {
    (0..<outputCount).map { index in
      let data = UnsafeRawBufferPointer(
        start: shunt_output_data(model, UInt32(index)), count: outputByteCount(index))
      return [UInt8](data)
    }
  }

  /// The tensors that a step writes, as they are now.
  private func written(by index: Int) -> [(tensor: Int, bytes: [UInt8])] {
    let step = model.pointee.steps[index]
    let first = Int(step.operands) + Int(step.input_count)
    return (first..<first + Int(step.output_count)).map { operand in
      let tensor = Int(model.pointee.indices[operand])
      let record = model.pointee.tensors[tensor]
      let data = UnsafeRawBufferPointer(
        start: arena.start + Int(record.offset), count: Int(record.bytes))
      return (tensor, [UInt8](data))
    }
  }
}
