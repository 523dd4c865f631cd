// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How the weights of a layer divide into matrices that are rounded by themselves, and what each is
/// multiplied with.
///
/// A convolution or fully connected layer is one block; a grouped convolution one for each group; a
/// depthwise convolution one for each input channel, with `depthMultiplier` rows of kh*kw columns.
struct WeightBlocks: Sendable {
  /// How many blocks there are.
  let count: Int
  /// Output channels of a block.
  let rows: Int
  /// Weights of an output channel.
  let columns: Int
  /// Elements that lie between two weights of a row in the tensor.
  private let elementStride: Int
  private let image: Spatial
  private let channels: Int
  private let kernel: Spatial
  private let step: Spatial
  private let dilation: Spatial
  private let padding: PaddingAmounts
  private let output: Spatial

  /// Reads a layer's geometry; `nil` if the operator is no convolution, depthwise convolution or fully
  /// connected layer with verified shapes.
  init?(_ layer: Operator, in graph: Graph) {
    guard layer.inputs.count >= 2, let inputID = layer.inputs[0], let weightID = layer.inputs[1],
      let outputID = layer.outputs.first
    else { return nil }
    let input = graph[inputID].shape
    let weights = graph[weightID].shape
    let output = graph[outputID].shape
    switch layer.kind {
    case .conv2D(let attributes):
      self.init(
        groups: attributes.groups, rows: weights[0] / attributes.groups, input: input,
        kernel: weights, stride: attributes.stride, dilation: attributes.dilation,
        padding: attributes.padding, output: output, elementStride: 1)
    case .depthwiseConv2D(let attributes):
      self.init(
        groups: input[3], rows: attributes.depthMultiplier, input: input, kernel: weights,
        stride: attributes.stride, dilation: attributes.dilation, padding: attributes.padding,
        output: output, elementStride: weights[3])
    case .fullyConnected:
      let vectors = Spatial(height: input.elementCount / weights[1], width: 1)
      self.init(
        groups: 1, rows: weights[0],
        input: [1, vectors.height, vectors.width, weights[1]], kernel: [1, 1, 1, weights[1]],
        stride: Spatial(height: 1, width: 1), dilation: Spatial(height: 1, width: 1),
        padding: .valid, output: [1, vectors.height, vectors.width, weights[0]], elementStride: 1)
    default:
      return nil
    }
  }

  private init(
    groups: Int, rows: Int, input: Shape, kernel: Shape, stride: Spatial, dilation: Spatial,
    padding: Padding, output: Shape, elementStride: Int
  ) {
    count = groups
    self.rows = rows
    image = Spatial(height: input[1], width: input[2])
    channels = input[3]
    self.kernel = Spatial(height: kernel[1], width: kernel[2])
    columns = kernel[1] * kernel[2] * (input[3] / groups)
    step = stride
    self.dilation = dilation
    self.padding = PaddingAmounts(
      padding, input: image, kernel: self.kernel, stride: stride, dilation: dilation)
    self.output = Spatial(height: output[1], width: output[2])
    self.elementStride = elementStride
  }

  /// The place in the weight tensor of an element of a block.
  func place(block: Int, row: Int, column: Int) -> Int {
    let channel = block * rows + row
    return elementStride == 1 ? channel * columns + column : column * elementStride + channel
  }

  /// The weights of a block out of those of the tensor.
  func matrix(_ block: Int, of weights: [Float]) -> WeightMatrix {
    var values: [Float] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        values.append(weights[place(block: block, row: row, column: column)])
      }
    }
    return WeightMatrix(rows: rows, columns: columns, finite: values)
  }

  /// Places the output has in one inference.
  var positionCount: Int { output.height * output.width }

  /// The inputs of a block at evenly spread places of the output, vector by vector.
  ///
  /// - Parameters:
  ///   - block: Which one.
  ///   - activations: The layer's input, [h, w, c].
  ///   - limit: At most about as many places, at least 1.
  ///   - phase: Shifts the places, so that several rows together see all of them.
  func vectors(
    _ block: Int, of activations: UnsafeBufferPointer<Float>, limit: Int, phase: Int
  ) -> [Float] {
    let stride = max(1, positionCount / max(limit, 1))
    // No common factor with the width: the places must not all lie in the same columns.
    let spread = stride > 1 && output.width.isMultiple(of: stride) ? stride + 1 : stride
    let places = Swift.stride(from: phase % spread, to: positionCount, by: spread)
    let number = max(0, (positionCount - phase % spread + spread - 1) / spread)
    return [Float](unsafeUninitializedCapacity: number * columns) { buffer, filled in
      guard let source = activations.baseAddress, var target = buffer.baseAddress else { return }
      for position in places { layOut(block, position, source, &target) }
      filled = number * columns
    }
  }

  /// Writes the inputs of a block at one place of the output.
  @inline(__always)
  private func layOut(
    _ block: Int, _ position: Int, _ activations: UnsafePointer<Float>,
    _ target: inout UnsafeMutablePointer<Float>
  ) {
    let blockChannels = channels / count
    let top = position / output.width * step.height - padding.top
    let left = position % output.width * step.width - padding.left
    for tapRow in 0..<kernel.height {
      let y = top + tapRow * dilation.height
      for tapColumn in 0..<kernel.width {
        let x = left + tapColumn * dilation.width
        if y >= 0, y < image.height, x >= 0, x < image.width {
          let source = activations + ((y * image.width + x) * channels + block * blockChannels)
          if blockChannels == 1 {
            target.initialize(to: source[0])
          } else {
            target.initialize(from: source, count: blockChannels)
          }
        } else {
          target.initialize(repeating: 0, count: blockChannels)
        }
        target += blockChannels
      }
    }
  }
}
