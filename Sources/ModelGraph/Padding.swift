// SPDX-License-Identifier: Apache-2.0

/// Rows and columns added around an image.
public enum Padding: Hashable, Sendable {
  /// As many as keep `out = ceil(in / stride)`, the odd one after the image (TFLite SAME).
  case same
  /// None.
  case valid
  /// Stated amounts.
  case explicit(top: Int, bottom: Int, left: Int, right: Int)
}
