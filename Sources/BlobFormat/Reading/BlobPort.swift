// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// An input or output of a blob, as its user sees it.
public struct BlobPort: Sendable, Hashable {
  /// Index into ``BlobDocument/tensors``.
  public var tensor: Int
  /// Its name in the model.
  public var name: String
  /// The type that the model's user hands over or gets.
  public var externalType: ElementType
  /// What the host does between that and the tensor.
  public var operation: HostOperation
}
