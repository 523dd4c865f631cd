// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// An int8 convolution or fully connected layer, as far as its channels go.
struct ChannelLayer {
  let input: TensorID
  let filter: TensorID
  let bias: TensorID?
  let output: TensorID
  /// Channels of the input: the last dimension.
  let inputChannels: Int
  /// Channels of the output.
  let outputChannels: Int
  /// Weights by which an output channel multiplies one input channel.
  let taps: Int
  /// Whether each channel is summed by itself: a depthwise convolution, one output channel for each of the
  /// input.
  let isDepthwise: Bool
  /// Whether taps may lie outside the image, where the input's zero point stands.
  let isPadded: Bool
  let inputZeroPoint: Int
  /// In the order of the filter: [output, tap, input], for depthwise [tap, channel].
  let weights: [Int8]
  /// What becomes of the sums of int8 inputs, zero points folded into the biases.
  let scalings: [shunt_channel_t]
  /// Zero point and clamp of the outputs.
  let results: LayerOutput

  /// Reads an operator; `nil` if it is no such layer, or not of a form that channels can be taken out of.
  init?(_ operation: Operator, in graph: Graph) {
    let operands = OperandReader(graph: graph, node: operation, macs: 0)
    guard let input = try? operands.tensor(0), let filter = try? operands.tensor(1),
      let output = try? operands.output(), let from = try? operands.activation(input),
      let rank = Optional(graph[input].shape.rank), rank > 0, graph[output].shape.rank > 0,
      graph[filter].elementType == .int8, let bytes = graph[filter].constant
    else { return nil }
    let (image, shape) = (graph[input].shape, graph[filter].shape)
    inputChannels = image[rank - 1]
    outputChannels = graph[output].shape[graph[output].shape.rank - 1]
    let activation: Activation
    func pads(_ padding: Padding, stride: Spatial, dilation: Spatial) -> Bool {
      !PaddingAmounts(
        padding, input: image.image, kernel: shape.image, stride: stride, dilation: dilation
      ).isNone
    }
    switch operation.kind {
    case .conv2D(let attributes):
      guard attributes.groups == 1, rank == 4, shape.rank == 4, shape[0] == outputChannels,
        shape[3] == inputChannels
      else { return nil }
      (isDepthwise, taps, activation) = (false, shape[1] * shape[2], attributes.activation)
      isPadded = pads(
        attributes.padding, stride: attributes.stride, dilation: attributes.dilation)
    case .depthwiseConv2D(let attributes):
      guard attributes.depthMultiplier == 1, rank == 4, shape.rank == 4, shape[0] == 1,
        shape[3] == inputChannels, outputChannels == inputChannels
      else { return nil }
      (isDepthwise, taps, activation) = (true, shape[1] * shape[2], attributes.activation)
      isPadded = pads(
        attributes.padding, stride: attributes.stride, dilation: attributes.dilation)
    case .fullyConnected(let attributes):
      guard shape.rank == 2, shape[0] == outputChannels, shape[1] == inputChannels
      else { return nil }
      (isDepthwise, taps, activation) = (false, 1, attributes.activation)
      isPadded = false
    default:
      return nil
    }
    guard
      let constants = try? operands.channelConstants(
        input: input, filter: filter, output: output, channels: outputChannels,
        channelStride: isDepthwise ? outputChannels : 1)
    else { return nil }
    let range = ActivationRange(
      activation, scale: constants.output.scale, zeroPoint: constants.output.zeroPoint)
    guard range.lower <= range.upper else { return nil }
    results = LayerOutput(
      zeroPoint: Int(constants.output.zeroPoint), range: Int(range.lower)...Int(range.upper))
    (self.input, self.filter, self.output) = (input, filter, output)
    bias = operation.inputs.count > 2 ? operation.inputs[2] : nil
    inputZeroPoint = Int(from.zeroPoint)
    weights = bytes.map { Int8(bitPattern: $0) }
    scalings = constants.channels
  }

  /// The outputs that a channel can have, given those of the inputs.
  ///
  /// - Parameter inputs: One interval for each input channel.
  /// - Returns: One for each output channel.
  func outputRanges(_ inputs: [ClosedRange<Int>], rounding: Rounding) -> [ClosedRange<Int>] {
    var inputs = inputs
    if isPadded {
      inputs = inputs.map {
        min($0.lowerBound, inputZeroPoint)...max($0.upperBound, inputZeroPoint)
      }
    }
    return (0..<outputChannels).map { channel in
      ScalingFunction(scalings[channel], output: results, rounding: rounding)
        .range(of: reach(of: channel, inputs))
    }
  }

  /// The sums that an output channel can reach, its bias included.
  private func reach(of channel: Int, _ inputs: [ClosedRange<Int>]) -> ClosedRange<Int> {
    let bias = Int(scalings[channel].bias)
    var (least, greatest) = (bias, bias)
    func add(_ weight: Int8, _ range: ClosedRange<Int>) {
      let weight = Int(weight)
      if weight > 0 {
        least += weight * range.lowerBound
        greatest += weight * range.upperBound
      } else {
        least += weight * range.upperBound
        greatest += weight * range.lowerBound
      }
    }
    weights.withUnsafeBufferPointer { weights in
      if isDepthwise {
        for tap in 0..<taps { add(weights[tap * outputChannels + channel], inputs[channel]) }
      } else {
        var index = channel * taps * inputChannels
        for _ in 0..<taps {
          for range in inputs {
            add(weights[index], range)
            index += 1
          }
        }
      }
    }
    return least...greatest
  }

  /// Whether the output channels `rows` use each input channel: whether a weight of theirs is not 0.
  func usesInputs(rows: [Int]) -> [Bool] {
    var result = [Bool](repeating: false, count: inputChannels)
    weights.withUnsafeBufferPointer { weights in
      for row in rows {
        var index = row * taps * inputChannels
        for _ in 0..<taps {
          for channel in 0..<inputChannels {
            if weights[index] != 0 { result[channel] = true }
            index += 1
          }
        }
      }
    }
    return result
  }

  /// Whether the weights are stored in four bits with several multipliers in a row: without some of a row's
  /// weights, others would share one, and the layer would take eight bits.
  var hasShortRuns: Bool {
    guard !isDepthwise else { return false }
    let shape = NibbleRows.Shape(rowsPerGroup: outputChannels, rowLength: taps * inputChannels)
    let rows = NibbleRows.smallest(weights.map { UInt8(bitPattern: $0) }, shape: shape)
    return rows.map { $0.runLength < shape.rowLength } ?? false
  }

  /// Whether a constant input can be added to the biases: padding must not tell it from others.
  func canFold(_ value: Int) -> Bool { !isPadded || value == inputZeroPoint }
}

extension ClosedRange<Int> {
  /// All int8.
  static var anyInt8: ClosedRange<Int> { -128...127 }
}

extension Shape {
  /// Rows and columns of an image or filter.
  fileprivate var image: Spatial { Spatial(height: self[1], width: self[2]) }
}
