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
  private let image: Spatial
  private let channels: Int
  private let kernel: Spatial
  private let step: Spatial
  private let dilation: Spatial
  private let padding: PaddingAmounts
  private let output: Spatial

  /// Reads a layer's geometry, in a graph with verified shapes; `nil` if it is a transposed convolution.
  init?(_ layer: WeightedLayer, in graph: Graph) {
    let input = graph[layer.input].shape
    switch layer.form {
    case .convolution(let attributes):
      self.init(
        layer, graph, stride: attributes.stride, dilation: attributes.dilation,
        padding: attributes.padding)
    case .depthwise(let attributes):
      self.init(
        layer, graph, stride: attributes.stride, dilation: attributes.dilation,
        padding: attributes.padding)
    case .fullyConnected:
      let one = Spatial(height: 1, width: 1)
      let vectors = Spatial(height: input.elementCount / layer.columns, width: 1)
      self.init(
        layer, image: vectors, channels: layer.columns, kernel: one, stride: one, dilation: one,
        padding: .valid, output: vectors)
    case .transposed:
      return nil
    }
  }

  private init(
    _ layer: WeightedLayer, _ graph: Graph, stride: Spatial, dilation: Spatial, padding: Padding
  ) {
    func sides(_ tensor: TensorID) -> Spatial {
      Spatial(height: graph[tensor].shape[1], width: graph[tensor].shape[2])
    }
    self.init(
      layer, image: sides(layer.input), channels: graph[layer.input].shape[3],
      kernel: sides(layer.filter), stride: stride, dilation: dilation, padding: padding,
      output: sides(layer.output))
  }

  private init(
    _ layer: WeightedLayer, image: Spatial, channels: Int, kernel: Spatial, stride: Spatial,
    dilation: Spatial, padding: Padding, output: Spatial
  ) {
    count = layer.groups
    rows = layer.rows / layer.groups
    columns = layer.columns
    self.image = image
    self.channels = channels
    self.kernel = kernel
    step = stride
    self.dilation = dilation
    self.padding = PaddingAmounts(
      padding, input: image, kernel: kernel, stride: stride, dilation: dilation)
    self.output = output
  }

  /// The weights of a block out of those of the layer, row by row.
  func matrix(_ block: Int, of weights: [Float]) -> WeightMatrix {
    let size = rows * columns
    let values = Array(weights[block * size..<(block + 1) * size])
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
