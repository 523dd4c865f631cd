// SPDX-License-Identifier: Apache-2.0

/// One operator, prepared: its geometry is worked out, running it allocates nothing.
protocol Kernel: Sendable {
  /// Bytes of ``TensorMemory/scratch`` that it needs.
  var scratchByteCount: Int { get }
  /// Computes the outputs from the inputs.
  func run(_ memory: TensorMemory)
}

extension Kernel {
  var scratchByteCount: Int { 0 }
}
