// SPDX-License-Identifier: Apache-2.0

/// The place of a tensor in its graph's ``Graph/tensors``.
public struct TensorID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// Index into ``Graph/tensors``.
  public var index: Int

  /// Wraps an index.
  public init(_ index: Int) { self.index = index }

  /// Orders by index.
  public static func < (a: TensorID, b: TensorID) -> Bool { a.index < b.index }

  /// `t12`.
  public var description: String { "t\(index)" }
}
