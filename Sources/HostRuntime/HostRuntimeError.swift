// SPDX-License-Identifier: Apache-2.0

/// Why the runtime on this machine refused a blob or a call.
public enum HostRuntimeError: Error, Equatable, Sendable {
  /// The runtime refuses the blob; `reason` is the runtime's own text for `status`.
  case invalidBlob(status: Int, reason: String)

  /// The blob names a kernel that this build does not have.
  case missingKernel(name: String, id: Int, set: Int, version: Int)

  /// A kernel refuses the parameters, shapes or scratch of a step.
  case invalidStep(index: Int, name: String, kernel: String)

  /// This machine has no memory for the blob or for its arena.
  case outOfMemory(neededBytes: Int)

  /// A run was given another number of inputs than the model has.
  case wrongInputCount(expected: Int, given: Int)

  /// An input has another size than the model's tensor.
  case wrongInputSize(index: Int, expectedBytes: Int, givenBytes: Int)
}

extension HostRuntimeError: CustomStringConvertible {
  /// What went wrong and what to do about it, in one sentence or two.
  public var description: String {
    switch self {
    case .invalidBlob(let status, let reason):
      "the runtime refuses the blob: \(reason) (status \(status)); compile the model again"
    case .missingKernel(let name, let id, let set, let version):
      "the blob needs kernel \(name) (id \(id), set \(set), version \(version)), which the runtime "
        + "on this machine lacks: another version of Shunt packed it; compile the model again"
    case .invalidStep(let index, let name, let kernel):
      "kernel \(kernel) refuses the parameters of step \(index) (\(name)); compile the model again"
    case .outOfMemory(let neededBytes):
      "this machine has no \(neededBytes) bytes of memory for the model"
    case .wrongInputCount(let expected, let given):
      "the model has \(expected) inputs, but \(given) were given"
    case .wrongInputSize(let index, let expectedBytes, let givenBytes):
      "input \(index) has \(expectedBytes) bytes, but \(givenBytes) were given"
    }
  }
}
