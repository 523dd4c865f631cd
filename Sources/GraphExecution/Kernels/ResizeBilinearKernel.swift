// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Mixes the four pixels around each place of the resized image.
struct ResizeBilinearKernel: Kernel {
  /// Between which rows or columns a place lies, and how near it is to the upper one.
  private struct Place: Sendable {
    var lower: Int
    var upper: Int
    var weight: Float
  }

  private let image: TensorSlot
  private let output: TensorSlot
  private let rows: [Place]
  private let columns: [Place]

  init(_ view: OperatorView, _ attributes: ResizeBilinearAttributes) throws(GraphExecutionError) {
    image = try view.floatInput(0)
    output = try view.floatOutput()
    rows = Self.places(image.shape[1], output.shape[1], attributes)
    columns = Self.places(image.shape[2], output.shape[2], attributes)
  }

  func run(_ memory: TensorMemory) {
    let (width, channels) = (image.shape[2], image.shape[3])
    var target = memory.floats(output)
    for batch in 0..<image.shape[0] {
      let image = memory.floats(image) + batch * image.shape[1] * width * channels
      for row in rows {
        let (upper, lower) = (
          image + row.lower * width * channels, image + row.upper * width * channels
        )
        for column in columns {
          mix(
            (upper + column.lower * channels, upper + column.upper * channels),
            (lower + column.lower * channels, lower + column.upper * channels),
            row.weight, column.weight, target)
          target += channels
        }
      }
    }
  }

  @inline(__always)
  private func mix(
    _ top: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>),
    _ bottom: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>), _ down: Float,
    _ right: Float, _ target: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<image.shape[3] {
      target[channel] =
        top.0[channel] * ((1 - down) * (1 - right)) + bottom.0[channel] * (down * (1 - right))
        + top.1[channel] * ((1 - down) * right) + bottom.1[channel] * (down * right)
    }
  }

  private static func places(
    _ input: Int, _ output: Int, _ attributes: ResizeBilinearAttributes
  ) -> [Place] {
    let scale = ResizeScale(
      input: input, output: output, alignsCorners: attributes.alignsCorners
    ).factor
    return (0..<output).map { index in
      let position =
        attributes.usesHalfPixelCenters ? (Float(index) + 0.5) * scale - 0.5 : Float(index) * scale
      let lower = max(0, min(input - 1, Int(position.rounded(.down))))
      let upper = max(0, min(input - 1, Int(position.rounded(.up))))
      return Place(lower: lower, upper: upper, weight: position - Float(lower))
    }
  }
}
