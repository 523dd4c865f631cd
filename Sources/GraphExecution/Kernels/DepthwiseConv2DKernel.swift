// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A depthwise convolution, pixel by pixel; neighbouring channels are vectors.
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

  /// The part of the image and of the filter that one output pixel meets.
  private struct Meeting {
    /// The image under the first tap, which may lie outside.
    var image: UnsafePointer<Float>
    var filter: UnsafePointer<Float>
    var rows: Range<Int>
    var columns: Range<Int>
    /// Floats from a tap to the next one below, and beside it.
    var rowStep: Int
    var columnStep: Int
    var filterRowStep: Int
    var filterColumnStep: Int
  }

  func run(_ memory: TensorMemory) {
    let channels = output.shape[3]
    let bias = bias.map { UnsafePointer(memory.floats($0)) }
    var target = memory.floats(output)
    for batch in 0..<window.batches {
      let image = memory.floats(image) + batch * window.inputPixels * window.inputChannels
      for row in 0..<window.output.height {
        for column in 0..<window.output.width {
          let meeting = meeting(image, memory.floats(filter), row, column)
          if multiplier == 1 {
            convolve(meeting, bias, target)
          } else {
            convolveMultiplied(meeting, bias, target)
          }
          target += channels
        }
      }
    }
    limits.finish(memory.floats(output), bias: nil, rows: 1, columns: output.count)
  }

  @inline(__always)
  private func meeting(
    _ image: UnsafePointer<Float>, _ filter: UnsafePointer<Float>, _ row: Int, _ column: Int
  ) -> Meeting {
    let (top, left) = (window.firstRow(row), window.firstColumn(column))
    let line = window.input.width * window.inputChannels
    return Meeting(
      image: image + (top * line + left * window.inputChannels), filter: filter,
      rows: window.rowTaps(from: top), columns: window.columnTaps(from: left),
      rowStep: line * window.dilation.height,
      columnStep: window.inputChannels * window.dilation.width,
      filterRowStep: window.kernel.width * output.shape[3], filterColumnStep: output.shape[3])
  }

  /// One output pixel, as many channels as inputs.
  @inline(__always)
  private func convolve(
    _ meeting: Meeting, _ bias: UnsafePointer<Float>?, _ target: UnsafeMutablePointer<Float>
  ) {
    let channels = window.inputChannels
    var channel = 0
    while channel + 16 <= channels {
      convolve(meeting, bias, target, channel, SIMD16<Float>.self)
      channel += 16
    }
    if channel + 8 <= channels {
      convolve(meeting, bias, target, channel, SIMD8<Float>.self)
      channel += 8
    }
    if channel + 4 <= channels {
      convolve(meeting, bias, target, channel, SIMD4<Float>.self)
      channel += 4
    }
    while channel < channels {
      var sum: Float = bias?[channel] ?? 0
      for ky in meeting.rows {
        for kx in meeting.columns {
          sum +=
            meeting.image[ky * meeting.rowStep + kx * meeting.columnStep + channel]
            * meeting.filter[ky * meeting.filterRowStep + kx * meeting.filterColumnStep + channel]
        }
      }
      target[channel] = sum
      channel += 1
    }
  }

  /// So many channels of one output pixel as a vector has.
  @inline(__always)
  private func convolve<Vector: SIMD>(
    _ meeting: Meeting, _ bias: UnsafePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
    _ channel: Int, _ type: Vector.Type
  ) where Vector.Scalar == Float {
    var sum = Vector(repeating: 0)
    if let bias { sum = load(bias + channel, type) }
    for ky in meeting.rows {
      var image = meeting.image + (ky * meeting.rowStep + channel)
      var filter = meeting.filter + (ky * meeting.filterRowStep + channel)
      image += meeting.columns.lowerBound * meeting.columnStep
      filter += meeting.columns.lowerBound * meeting.filterColumnStep
      for _ in meeting.columns {
        sum += load(image, type) * load(filter, type)
        image += meeting.columnStep
        filter += meeting.filterColumnStep
      }
    }
    UnsafeMutableRawPointer(target + channel).storeBytes(of: sum, as: type)
  }

  @inline(__always)
  private func load<Vector: SIMD>(_ address: UnsafePointer<Float>, _ type: Vector.Type) -> Vector
  where Vector.Scalar == Float {
    UnsafeRawPointer(address).loadUnaligned(as: type)
  }

  /// One output pixel with several channels for each input.
  private func convolveMultiplied(
    _ meeting: Meeting, _ bias: UnsafePointer<Float>?, _ target: UnsafeMutablePointer<Float>
  ) {
    let channels = output.shape[3]
    if let bias {
      target.update(from: bias, count: channels)
    } else {
      target.update(repeating: 0, count: channels)
    }
    for ky in meeting.rows {
      for kx in meeting.columns {
        let image = meeting.image + (ky * meeting.rowStep + kx * meeting.columnStep)
        let filter =
          meeting.filter + (ky * meeting.filterRowStep + kx * meeting.filterColumnStep)
        for input in 0..<window.inputChannels {
          let value = image[input]
          let first = input * multiplier
          for channel in first..<(first + multiplier) {
            target[channel] += value * filter[channel]
          }
        }
      }
    }
  }
}
