// SPDX-License-Identifier: Apache-2.0

/// The rows and columns that a window's padding amounts to for one image size.
public struct PaddingAmounts: Hashable, Sendable {
  /// Rows above the image.
  public var top: Int
  /// Rows below the image.
  public var bottom: Int
  /// Columns before the image.
  public var left: Int
  /// Columns after the image.
  public var right: Int

  /// Makes stated amounts.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// Whether nothing is added on any side.
  public var isNone: Bool { top == 0 && bottom == 0 && left == 0 && right == 0 }

  /// Works out what `padding` amounts to.
  ///
  /// TFLite's SAME: with `out = ceil(in / stride)` and `reach = (kernel - 1) * dilation + 1`, in all
  /// `max(0, (out - 1) * stride + reach - in)`, half of it, rounded down, before the image.
  ///
  /// - Parameters:
  ///   - padding: The rule.
  ///   - input: Rows and columns of the image, at least 1.
  ///   - kernel: Rows and columns of the window, at least 1.
  ///   - stride: Steps of the window, at least 1.
  ///   - dilation: Distance of the window's taps, at least 1.
  public init(
    _ padding: Padding, input: Spatial, kernel: Spatial, stride: Spatial,
    dilation: Spatial = Spatial(height: 1, width: 1)
  ) {
    switch padding {
    case .valid:
      self.init(top: 0, bottom: 0, left: 0, right: 0)
    case .explicit(let top, let bottom, let left, let right):
      self.init(top: top, bottom: bottom, left: left, right: right)
    case .same:
      let rows = Self.sameTotal(input.height, kernel.height, stride.height, dilation.height)
      let columns = Self.sameTotal(input.width, kernel.width, stride.width, dilation.width)
      self.init(
        top: rows / 2, bottom: rows - rows / 2, left: columns / 2, right: columns - columns / 2)
    }
  }

  private static func sameTotal(
    _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int
  ) -> Int {
    let output = (input - 1) / stride + 1
    let reach = (kernel - 1) * dilation + 1
    return max(0, (output - 1) * stride + reach - input)
  }
}
