// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// A tensor that takes part in execution.
public struct BlobTensor: Sendable, Hashable {
  /// Where a tensor lives.
  public enum Storage: String, Sendable, Codable, CaseIterable {
    /// In the arena, for some steps.
    case arena
    /// In the arena, between inferences.
    case state
    /// In the blob.
    case constant
  }

  /// Its name, shortened.
  public var name: String
  /// The type of its elements.
  public var elementType: ElementType
  /// Its dimensions, outermost first.
  public var shape: Shape
  /// Where it lives.
  public var storage: Storage
  /// Arena offset, or blob offset of a constant.
  public var offset: Int
  /// Its size in bytes.
  public var bytes: Int
  /// `real = scale * (q - zeroPoint)`; 0 if it is not quantized.
  public var scale: Float
  /// See ``scale``.
  public var zeroPoint: Int
  /// First step during which its bytes are kept.
  public var firstStep: Int
  /// Last one, inclusive; the number of steps for what outlives the inference.
  public var lastStep: Int
}
