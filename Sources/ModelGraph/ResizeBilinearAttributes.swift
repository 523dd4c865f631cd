// SPDX-License-Identifier: Apache-2.0

/// How pixels of a resized image lie over those of the original. The output's shape gives the size.
public struct ResizeBilinearAttributes: Hashable, Sendable {
  /// Whether the centers of the corner pixels coincide.
  public var alignsCorners: Bool
  /// Whether pixels are taken as squares, whose centers lie at halves. Excludes ``alignsCorners``.
  public var usesHalfPixelCenters: Bool

  /// Makes attributes.
  public init(alignsCorners: Bool, usesHalfPixelCenters: Bool) {
    self.alignsCorners = alignsCorners
    self.usesHalfPixelCenters = usesHalfPixelCenters
  }
}
