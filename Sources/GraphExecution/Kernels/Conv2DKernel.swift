// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A convolution as matrix products: pixels' windows, laid out as rows, by filters. One of 1x1 without
/// steps multiplies the image as it lies.
struct Conv2DKernel: Kernel {
  private static let scratchFloats = 1 << 16

  private let image: TensorSlot
  private let filter: TensorSlot
  private let bias: TensorSlot?
  private let output: TensorSlot
  private let window: WindowGeometry
  private let groups: Int
  private let limits: ValueLimits
  /// Inputs of one filter.
  private let depth: Int
  /// Output pixels that are worked on at a time.
  private let chunk: Int
  private let needsColumns: Bool

  init(_ view: OperatorView, _ attributes: Conv2DAttributes) throws(GraphExecutionError) {
    image = try view.floatInput(0)
    filter = try view.floatInput(1)
    bias = try view.optionalFloatInput(2)
    output = try view.floatOutput()
    window = WindowGeometry(
      image: image.shape, output: output.shape,
      kernel: Spatial(height: filter.shape[1], width: filter.shape[2]), stride: attributes.stride,
      dilation: attributes.dilation, padding: attributes.padding)
    groups = attributes.groups
    limits = ValueLimits(attributes.activation)
    depth = filter.count / filter.shape[0]
    needsColumns =
      window.kernel != Spatial(height: 1, width: 1) || window.stride != window.kernel
      || window.origin != Spatial(height: 0, width: 0)
      || window.input != window.output
    chunk = min(window.outputPixels, max(1, Self.scratchFloats / depth))
  }

  var scratchByteCount: Int { needsColumns ? 4 * chunk * depth : 0 }

  func run(_ memory: TensorMemory) {
    let (inputPixels, outputPixels) = (window.inputPixels, window.outputPixels)
    let outputChannels = output.shape[3]
    let bias = bias.map { memory.floats($0) }
    for batch in 0..<window.batches {
      let image = memory.floats(image) + batch * inputPixels * window.inputChannels
      let output = memory.floats(output) + batch * outputPixels * outputChannels
      var first = 0
      while first < outputPixels {
        let pixels = min(chunk, outputPixels - first)
        let result = output + first * outputChannels
        for group in 0..<groups { multiply(memory, image, first, pixels, group, result) }
        limits.finish(result, bias: bias, rows: pixels, columns: outputChannels)
        first += pixels
      }
    }
  }

  private func multiply(
    _ memory: TensorMemory, _ image: UnsafeMutablePointer<Float>, _ first: Int, _ pixels: Int,
    _ group: Int, _ result: UnsafeMutablePointer<Float>
  ) {
    let outputChannels = output.shape[3]
    let (groupInputs, groupOutputs) = (window.inputChannels / groups, outputChannels / groups)
    let filters = memory.floats(filter) + group * groupOutputs * depth
    let source = image + group * groupInputs
    var rows = source + first * window.inputChannels
    var rowStride = window.inputChannels
    if needsColumns {
      rows = memory.scratchFloats()
      rowStride = depth
      window.layOut(source, channels: groupInputs, pixels: first..<(first + pixels), into: rows)
    }
    MatrixProduct.multiply(
      rows, aStride: rowStride, filters, bStride: depth, result + group * groupOutputs,
      resultStride: outputChannels, rows: pixels, columns: groupOutputs, inner: depth)
  }
}

extension WindowGeometry {
  /// Writes what the window meets at each of `pixels` as one row [kernel rows, kernel columns,
  /// channels], zeros outside the image.
  ///
  /// - Parameter source: The first of `channels` channels in the image's first pixel.
  func layOut(
    _ source: UnsafePointer<Float>, channels: Int, pixels: Range<Int>,
    into target: UnsafeMutablePointer<Float>
  ) {
    var target = target
    var (row, column) = pixels.lowerBound.quotientAndRemainder(dividingBy: output.width)
    for _ in pixels {
      layOut(source, channels, row, column, target)
      target += kernel.height * kernel.width * channels
      column += 1
      if column == output.width { (row, column) = (row + 1, 0) }
    }
  }

  @inline(__always)
  private func layOut(
    _ source: UnsafePointer<Float>, _ channels: Int, _ row: Int, _ column: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let (top, left) = (firstRow(row), firstColumn(column))
    let (rows, columns) = (rowTaps(from: top), columnTaps(from: left))
    let line = kernel.width * channels
    if rows.count < kernel.height || columns.count < kernel.width {
      target.update(repeating: 0, count: kernel.height * line)
    }
    guard !columns.isEmpty else { return }
    let areNeighbours = channels == inputChannels && dilation.width == 1
    for ky in rows {
      let line = target + ky * line
      let y = top + ky * dilation.height
      let source = source + (y * input.width + left) * inputChannels
      if areNeighbours {
        (line + columns.lowerBound * channels).update(
          from: source + columns.lowerBound * channels, count: columns.count * channels)
      } else {
        for kx in columns {
          (line + kx * channels).update(
            from: source + kx * dilation.width * inputChannels, count: channels)
        }
      }
    }
  }
}
