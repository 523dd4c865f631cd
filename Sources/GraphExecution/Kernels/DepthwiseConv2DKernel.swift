// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels
internal import ModelGraph

/// A depthwise convolution, row by row; neighbouring channels are vectors.
struct DepthwiseConv2DKernel: Kernel {
  private let image: TensorSlot
  private let filter: TensorSlot
  private let bias: TensorSlot?
  private let output: TensorSlot
  private let window: WindowGeometry
  private let multiplier: Int
  private let limits: ValueLimits

  init(_ view: OperatorView, _ attributes: DepthwiseConv2DAttributes) throws(GraphExecutionError) {
    image = try view.floatInput(0)
    filter = try view.floatInput(1)
    bias = try view.optionalFloatInput(2)
    output = try view.floatOutput()
    window = WindowGeometry(
      image: image.shape, output: output.shape,
      kernel: Spatial(height: filter.shape[1], width: filter.shape[2]), stride: attributes.stride,
      dilation: attributes.dilation, padding: attributes.padding)
    multiplier = attributes.depthMultiplier
    limits = ValueLimits(attributes.activation)
  }

  func run(_ memory: TensorMemory) {
    var taps = shunt_matrix_taps_t()
    taps.channels = window.inputChannels
    taps.image_pixel = window.stride.width * window.inputChannels
    taps.image_row = window.input.width * window.inputChannels * window.dilation.height
    taps.image_column = window.inputChannels * window.dilation.width
    (taps.filter_row, taps.filter_column) = (window.kernel.width * output.shape[3], output.shape[3])
    (taps.lower, taps.upper) = (limits.lower, limits.upper)
    taps.filter = UnsafePointer(memory.floats(filter))
    taps.bias = bias.map { UnsafePointer(memory.floats($0)) }
    var target = memory.floats(output)
    for batch in 0..<window.batches {
      let image = memory.floats(image) + batch * window.inputPixels * window.inputChannels
      for row in 0..<window.output.height {
        run(row, image, &taps, target)
        target += window.output.width * output.shape[3]
      }
    }
    if multiplier > 1 {
      limits.finish(memory.floats(output), bias: nil, rows: 1, columns: output.count)
    }
  }

  /// One row of output pixels, those whose windows meet the same taps together.
  private func run(
    _ row: Int, _ image: UnsafePointer<Float>, _ taps: inout shunt_matrix_taps_t,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let top = window.firstRow(row)
    let rows = window.rowTaps(from: top)
    (taps.first_row, taps.end_row) = (rows.lowerBound, rows.upperBound)
    var column = 0
    while column < window.output.width {
      let left = window.firstColumn(column)
      let columns = window.columnTaps(from: left)
      var end = column + 1
      while end < window.output.width,
        window.columnTaps(from: window.firstColumn(end)) == columns
      {
        end += 1
      }
      (taps.first_column, taps.end_column) = (columns.lowerBound, columns.upperBound)
      taps.image = image + (top * window.input.width + left) * window.inputChannels
      taps.result = target + column * output.shape[3]
      taps.pixels = end - column
      if multiplier == 1 {
        MatrixProduct.kernels.convolve_taps(&taps)
      } else {
        convolveMultiplied(taps)
      }
      column = end
    }
  }

  /// Output pixels with several channels for each input.
  private func convolveMultiplied(_ taps: shunt_matrix_taps_t) {
    guard let image = taps.image, let filter = taps.filter, let result = taps.result else { return }
    let channels = output.shape[3]
    for pixel in 0..<taps.pixels {
      let image = image + pixel * taps.image_pixel
      let target = result + pixel * channels
      if let bias = taps.bias {
        target.update(from: bias, count: channels)
      } else {
        target.update(repeating: 0, count: channels)
      }
      for ky in taps.first_row..<taps.end_row {
        for kx in taps.first_column..<taps.end_column {
          let image = image + (ky * taps.image_row + kx * taps.image_column)
          let filter = filter + (ky * taps.filter_row + kx * taps.filter_column)
          for channel in 0..<channels {
            target[channel] += image[channel / multiplier] * filter[channel]
          }
        }
      }
    }
  }
}
