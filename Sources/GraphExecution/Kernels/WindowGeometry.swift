// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A window that slides over images [n, h, w, c]: which rows and columns it meets.
struct WindowGeometry: Sendable {
  let batches: Int
  let input: Spatial
  let inputChannels: Int
  let output: Spatial
  let kernel: Spatial
  let stride: Spatial
  let dilation: Spatial
  /// Rows above and columns before the image.
  let origin: Spatial

  init(
    image: Shape, output: Shape, kernel: Spatial, stride: Spatial,
    dilation: Spatial = Spatial(height: 1, width: 1), padding: Padding
  ) {
    batches = image[0]
    input = Spatial(height: image[1], width: image[2])
    inputChannels = image[3]
    self.output = Spatial(height: output[1], width: output[2])
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    let amounts = PaddingAmounts(
      padding, input: input, kernel: kernel, stride: stride, dilation: dilation)
    origin = Spatial(height: amounts.top, width: amounts.left)
  }

  /// Pixels of one output image.
  var outputPixels: Int { output.height * output.width }
  /// Pixels of one input image.
  var inputPixels: Int { input.height * input.width }

  /// The image's row under the first tap of the window of an output row; may lie outside.
  @inline(__always)
  func firstRow(_ outputRow: Int) -> Int { outputRow * stride.height - origin.height }

  /// The image's column under the first tap of the window of an output column; may lie outside.
  @inline(__always)
  func firstColumn(_ outputColumn: Int) -> Int { outputColumn * stride.width - origin.width }

  /// The taps from row `first` on that lie inside the image.
  @inline(__always)
  func rowTaps(from first: Int) -> Range<Int> {
    Self.taps(from: first, kernel: kernel.height, dilation: dilation.height, extent: input.height)
  }

  /// The taps from column `first` on that lie inside the image.
  @inline(__always)
  func columnTaps(from first: Int) -> Range<Int> {
    Self.taps(from: first, kernel: kernel.width, dilation: dilation.width, extent: input.width)
  }

  @inline(__always)
  private static func taps(from first: Int, kernel: Int, dilation: Int, extent: Int) -> Range<Int> {
    let begin = first >= 0 ? 0 : (dilation - 1 - first) / dilation
    let end = first >= extent ? 0 : min(kernel, (extent - 1 - first) / dilation + 1)
    return begin < end ? begin..<end : 0..<0
  }
}
