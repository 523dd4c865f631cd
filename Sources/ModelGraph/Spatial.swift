// SPDX-License-Identifier: Apache-2.0

/// A pair of numbers along height and width.
public struct Spatial: Hashable, Sendable {
  /// Along the height, in rows.
  public var height: Int
  /// Along the width, in columns.
  public var width: Int

  /// Makes a pair.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}
