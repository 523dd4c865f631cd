// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels
internal import ModelGraph

/// A convolution as matrix products of pixels' windows by filters. Without groups and horizontal
/// dilation the windows are rows of a matrix where they lie, in the image or in a copy with its padding;
/// otherwise they are laid out as rows first.
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
  /// Whether the filter is [kh, kw, 1, cOut] instead of [cOut, kh, kw, cIn / groups].
  private let endsWithOutputs: Bool
  private let source: Source

  /// Where the rows of the products come from.
  private enum Source {
    case image
    /// A copy of these dimensions, with the padding around.
    case padded(Spatial)
    /// Windows laid out as rows, so many pixels at a time.
    case columns(pixels: Int)
  }

  init(_ view: OperatorView, _ attributes: Conv2DAttributes) throws(GraphExecutionError) {
    let filter = try view.floatInput(1)
    try self.init(
      view, kernel: Spatial(height: filter.shape[1], width: filter.shape[2]),
      stride: attributes.stride, dilation: attributes.dilation, padding: attributes.padding,
      activation: attributes.activation, groups: attributes.groups, endsWithOutputs: false)
  }

  /// A depthwise convolution of an image with one channel.
  init(
    singleChannel view: OperatorView, _ attributes: DepthwiseConv2DAttributes
  ) throws(GraphExecutionError) {
    let filter = try view.floatInput(1)
    try self.init(
      view, kernel: Spatial(height: filter.shape[1], width: filter.shape[2]),
      stride: attributes.stride, dilation: attributes.dilation, padding: attributes.padding,
      activation: attributes.activation, groups: 1, endsWithOutputs: true)
  }

  private init(
    _ view: OperatorView, kernel: Spatial, stride: Spatial, dilation: Spatial, padding: Padding,
    activation: Activation, groups: Int, endsWithOutputs: Bool
  ) throws(GraphExecutionError) {
    image = try view.floatInput(0)
    filter = try view.floatInput(1)
    bias = try view.optionalFloatInput(2)
    output = try view.floatOutput()
    window = WindowGeometry(
      image: image.shape, output: output.shape, kernel: kernel, stride: stride,
      dilation: dilation, padding: padding)
    self.groups = groups
    self.endsWithOutputs = endsWithOutputs
    limits = ValueLimits(activation)
    depth = filter.count / output.shape[3]
    let extent = window.paddedExtent
    if groups > 1 || dilation.width > 1 {
      source = .columns(pixels: min(window.outputPixels, max(1, Self.scratchFloats / depth)))
    } else if window.origin == Spatial(height: 0, width: 0), extent.height <= window.input.height,
      extent.width <= window.input.width
    {
      source = .image
    } else {
      source = .padded(extent)
    }
  }

  var scratchByteCount: Int {
    switch source {
    case .image: 0
    case .padded(let extent): 4 * extent.height * extent.width * window.inputChannels
    case .columns(let pixels): 4 * pixels * depth
    }
  }

  var packing: FilterPacking? {
    FilterPacking(
      filter: filter, groups: groups, inner: depth, columns: output.shape[3] / groups,
      isTransposed: !endsWithOutputs)
  }

  func run(_ memory: TensorMemory) {
    let bias = bias.map { UnsafePointer(memory.floats($0)) }
    for batch in 0..<window.batches {
      let image = memory.floats(image) + batch * window.inputPixels * window.inputChannels
      let result = memory.floats(output) + batch * window.outputPixels * output.shape[3]
      switch source {
      case .image:
        multiply(memory, image, width: window.input.width, bias, result)
      case .padded(let extent):
        let copy = memory.scratchFloats()
        window.copy(image, padded: extent, to: copy)
        multiply(memory, copy, width: extent.width, bias, result)
      case .columns(let pixels):
        multiplyColumns(memory, image, pixels: pixels, bias, result)
      }
    }
  }

  /// All pixels of an image of a width, whose windows lie in it.
  private func multiply(
    _ memory: TensorMemory, _ image: UnsafePointer<Float>, width: Int,
    _ bias: UnsafePointer<Float>?, _ result: UnsafeMutablePointer<Float>
  ) {
    let channels = window.inputChannels
    var product = shunt_matrix_product_t()
    product.packed_b = UnsafePointer(memory.packedFilter)
    product.bias = bias
    (product.rows, product.columns) = (window.output.width, output.shape[3])
    product.inner = depth
    (product.a_row, product.a_step) = (window.stride.width * channels, 1)
    product.segment = window.kernel.width * channels
    product.a_segment = window.dilation.height * width * channels
    product.c_row = output.shape[3]
    (product.lower, product.upper) = (limits.lower, limits.upper)
    var lines = window.output.height
    // Where lines of pixels continue each other, they are one.
    if window.stride.height * width == window.output.width * window.stride.width {
      product.rows *= lines
      lines = 1
    }
    for line in 0..<lines {
      product.a = image + line * window.stride.height * width * channels
      product.c = result + line * window.output.width * output.shape[3]
      MatrixProduct.kernels.multiply(&product)
    }
  }

  /// All pixels of an image, a run of them at a time.
  private func multiplyColumns(
    _ memory: TensorMemory, _ image: UnsafePointer<Float>, pixels: Int,
    _ bias: UnsafePointer<Float>?, _ result: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (window.inputChannels / groups, output.shape[3] / groups)
    let columns = memory.scratchFloats()
    let packedCount = MatrixProduct.packedCount(inner: depth, columns: outputs)
    var first = 0
    while first < window.outputPixels {
      let count = min(pixels, window.outputPixels - first)
      for group in 0..<groups {
        window.layOut(
          image + group * inputs, channels: inputs, pixels: first..<(first + count), into: columns)
        MatrixProduct.multiply(
          columns, aStride: depth, packed: memory.packedFilter + group * packedCount,
          result + first * output.shape[3] + group * outputs, resultStride: output.shape[3],
          rows: count, columns: outputs, inner: depth, bias: bias.map { $0 + group * outputs },
          limits: limits)
      }
      first += count
    }
  }
}

extension WindowGeometry {
  /// Rows and columns of the image, with its padding, that windows meet.
  var paddedExtent: Spatial {
    Spatial(
      height: (output.height - 1) * stride.height + (kernel.height - 1) * dilation.height + 1,
      width: (output.width - 1) * stride.width + (kernel.width - 1) * dilation.width + 1)
  }

  /// Copies an image with zeros around it.
  ///
  /// - Parameter extent: Dimensions of the copy, whose first row and column are those under the first
  ///   window.
  func copy(
    _ image: UnsafePointer<Float>, padded extent: Spatial, to target: UnsafeMutablePointer<Float>
  ) {
    let line = extent.width * inputChannels
    let columns = min(origin.width, extent.width)..<min(extent.width, origin.width + input.width)
    for row in 0..<extent.height {
      let target = target + row * line
      let y = row - origin.height
      guard (0..<input.height).contains(y), !columns.isEmpty else {
        target.update(repeating: 0, count: line)
        continue
      }
      target.update(repeating: 0, count: columns.lowerBound * inputChannels)
      (target + columns.lowerBound * inputChannels).update(
        from: image + y * input.width * inputChannels, count: columns.count * inputChannels)
      (target + columns.upperBound * inputChannels).update(
        repeating: 0, count: (extent.width - columns.upperBound) * inputChannels)
    }
  }

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
