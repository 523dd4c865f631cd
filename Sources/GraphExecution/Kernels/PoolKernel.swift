// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The mean or the largest of what a window meets, channel by channel. What lies outside the image
/// does not count.
struct PoolKernel: Kernel {
  private let image: TensorSlot
  private let output: TensorSlot
  private let window: WindowGeometry
  private let limits: ValueLimits
  private let takesMaximum: Bool

  init(
    _ view: OperatorView, _ attributes: Pool2DAttributes, takesMaximum: Bool
  ) throws(GraphExecutionError) {
    image = try view.floatInput(0)
    output = try view.floatOutput()
    window = WindowGeometry(
      image: image.shape, output: output.shape, kernel: attributes.window,
      stride: attributes.stride, padding: attributes.padding)
    limits = ValueLimits(attributes.activation)
    self.takesMaximum = takesMaximum
  }

  func run(_ memory: TensorMemory) {
    let channels = window.inputChannels
    var target = memory.floats(output)
    for batch in 0..<window.batches {
      let image = memory.floats(image) + batch * window.inputPixels * channels
      for row in 0..<window.output.height {
        for column in 0..<window.output.width {
          pool(image, row, column, target)
          target += channels
        }
      }
    }
  }

  @inline(__always)
  private func pool(
    _ image: UnsafePointer<Float>, _ row: Int, _ column: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let channels = window.inputChannels
    let (top, left) = (window.firstRow(row), window.firstColumn(column))
    let (rows, columns) = (window.rowTaps(from: top), window.columnTaps(from: left))
    target.update(repeating: takesMaximum ? -.infinity : 0, count: channels)
    for ky in rows {
      for kx in columns {
        let pixel = image + ((top + ky) * window.input.width + left + kx) * channels
        if takesMaximum {
          for channel in 0..<channels {
            // In this order NaN wins, and stays.
            let (value, best) = (pixel[channel], target[channel])
            target[channel] = value <= best ? best : value
          }
        } else {
          for channel in 0..<channels { target[channel] += pixel[channel] }
        }
      }
    }
    let count = takesMaximum ? 1 : Float(rows.count * columns.count)
    for channel in 0..<channels { target[channel] = limits(target[channel] / count) }
  }
}
