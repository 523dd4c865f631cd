// SPDX-License-Identifier: Apache-2.0

/// One executed step.
public struct BlobStep: Sendable, Hashable {
  /// Its name, shortened.
  public var name: String
  /// Index into ``BlobDocument/kernels``.
  public var kernel: Int
  /// How its accumulators become outputs; of no meaning for kernels without channel records.
  public var requantization: Requantization
  /// Indices of the tensors that it reads.
  public var inputs: [Int]
  /// Indices of the tensors that it writes.
  public var outputs: [Int]
  /// Where its parameters lie in the blob.
  public var parameterRange: Range<Int>
  /// Its parameters, readable; empty for a kernel that this version does not know.
  public var parameters: [KernelParameter]
  /// Where its scratch lies in the arena; empty if there is none.
  public var scratch: Range<Int>
  /// Positions in the model file of the operators that it stands for.
  public var sources: [Int]
  /// Multiply-accumulates of one inference.
  public var macs: Int
}
