// SPDX-License-Identifier: Apache-2.0

/// One section of a blob.
public struct BlobSection: Sendable, Hashable {
  /// `STRINGS`, `TENSORS`, ...; `section 77` for one that this version does not know.
  public var name: String
  /// Its number in the format.
  public var kind: Int
  /// Where its payload lies in the blob.
  public var range: Range<Int>
  /// Whether a reader that does not know it must refuse the blob.
  public var isRequired: Bool
}
