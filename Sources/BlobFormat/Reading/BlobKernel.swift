// SPDX-License-Identifier: Apache-2.0

/// A kernel that a blob needs.
public struct BlobKernel: Sendable, Hashable {
  /// What it computes; `nil` for one that this version does not know.
  public var kind: KernelKind?
  /// Its number in the format.
  public var code: Int
  /// The set that it belongs to.
  public var set: KernelSet
  /// Version of its parameter layout.
  public var version: Int
  /// Its name as the blob has it.
  public var name: String

  /// `conv2d_s8_portable`
  public var symbol: String { "\(name)_\(set.rawValue)" }
}
