// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Convolutions and fully connected layers: what multiplies and accumulates.
extension OperandReader {
  func conv2D(_ attributes: Conv2DAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, filter, output) = (try tensor(0), try tensor(1), try self.output())
    let window = try window(
      input: input, output: output, kernel: filter, stride: attributes.stride,
      dilation: attributes.dilation, padding: attributes.padding)
    let shape = graph[filter].shape
    let channels = Int(window.out_channels)
    let groups = attributes.groups
    guard groups >= 1, shape[0] == channels, channels.isMultiple(of: groups),
      Int(window.in_channels) == shape[3] * groups
    else { throw shapesDisagree(input, filter, output) }
    if graph[input].elementType == .int16 {
      return try convolution16(
        .conv2D16, window: window, groups: groups, activation: attributes.activation)
    }
    let constants = try channelConstants(
      input: input, filter: filter, output: output, channels: channels, channelStride: 1)
    let range = ActivationRange(
      attributes.activation, scale: constants.output.scale, zeroPoint: constants.output.zeroPoint)
    let parameters = shunt_conv2d_params_t(
      window: window, weights: 0, channels: 0, input_zero_point: constants.input.zeroPoint,
      output_zero_point: constants.output.zeroPoint, clamp_min: range.lower,
      clamp_max: range.upper, groups: UInt32(groups), reserved: 0)
    return step(
      .conv2D, inputs: [input], output: output,
      parameters: ParameterImage(
        parameters,
        holes: [(\.weights, .weights(filter)), (\.channels, .channels(constants.channels))]))
  }

  func depthwiseConv2D(
    _ attributes: DepthwiseConv2DAttributes
  ) throws(BlobFormatError) -> LoweredStep {
    let (input, filter, output) = (try tensor(0), try tensor(1), try self.output())
    let window = try window(
      input: input, output: output, kernel: filter, stride: attributes.stride,
      dilation: attributes.dilation, padding: attributes.padding)
    let shape = graph[filter].shape
    let channels = Int(window.out_channels)
    guard shape[0] == 1, shape[3] == channels,
      channels.isMultiple(of: Int(window.in_channels)),
      channels / Int(window.in_channels) == attributes.depthMultiplier
    else { throw shapesDisagree(input, filter, output) }
    if graph[input].elementType == .int16 {
      return try convolution16(
        .depthwiseConv2D16, window: window, groups: Int(window.in_channels),
        activation: attributes.activation)
    }
    let constants = try channelConstants(
      input: input, filter: filter, output: output, channels: channels, channelStride: channels)
    let range = ActivationRange(
      attributes.activation, scale: constants.output.scale, zeroPoint: constants.output.zeroPoint)
    let parameters = shunt_depthwise_conv2d_params_t(
      window: window, weights: 0, channels: 0, input_zero_point: constants.input.zeroPoint,
      output_zero_point: constants.output.zeroPoint, clamp_min: range.lower,
      clamp_max: range.upper, reserved: (0, 0))
    return step(
      .depthwiseConv2D, inputs: [input], output: output,
      parameters: ParameterImage(
        parameters,
        holes: [(\.weights, .weights(filter)), (\.channels, .channels(constants.channels))]))
  }

  func fullyConnected(_ attributes: FullyConnectedAttributes) throws(BlobFormatError) -> LoweredStep
  {
    let (input, filter, output) = (try tensor(0), try tensor(1), try self.output())
    let shape = graph[filter].shape
    guard shape.rank == 2, graph[input].shape.elementCount.isMultiple(of: shape[1]) else {
      throw shapesDisagree(input, filter, output)
    }
    let (outputs, inputs) = (shape[0], shape[1])
    let batches = graph[input].shape.elementCount / inputs
    guard graph[output].shape.elementCount == batches * outputs else {
      throw shapesDisagree(input, filter, output)
    }
    if graph[input].elementType == .int16 {
      return try fullyConnected16(
        batches: batches, inputs: inputs, outputs: outputs, activation: attributes.activation)
    }
    let constants = try channelConstants(
      input: input, filter: filter, output: output, channels: outputs, channelStride: 1)
    let range = ActivationRange(
      attributes.activation, scale: constants.output.scale, zeroPoint: constants.output.zeroPoint)
    let parameters = shunt_fully_connected_params_t(
      batches: UInt32(batches), inputs: UInt32(inputs), outputs: UInt32(outputs), weights: 0,
      channels: 0, output_zero_point: constants.output.zeroPoint, clamp_min: range.lower,
      clamp_max: range.upper)
    return step(
      .fullyConnected, inputs: [input], output: output,
      parameters: ParameterImage(
        parameters,
        holes: [(\.weights, .weights(filter)), (\.channels, .channels(constants.channels))]))
  }

  // MARK: Constants of a channel

  struct ChannelConstants {
    var input: Quantized
    var output: Quantized
    var channels: [shunt_channel_t]
  }

  /// Folds zero point and bias, and turns scales into multipliers.
  ///
  /// With `channelStride` 1 a channel's weights lie together, else they are that far apart; with
  /// `nil` the zero point is not folded in.
  func channelConstants(
    input: TensorID, filter: TensorID, output: TensorID, channels: Int, channelStride: Int?
  ) throws(BlobFormatError) -> ChannelConstants {
    let from = try activation(input)
    let to = try activation(output)
    let (weights, scales) = try weights(filter, outputChannels: channels)
    let bias = try bias(2, outputChannels: channels)
    let sums = channelStride.map {
      Self.channelSums(of: weights, channels: channels, channelStride: $0)
    }
    var constants: [shunt_channel_t] = []
    constants.reserveCapacity(channels)
    for channel in 0..<channels {
      let scale = try multiplier(
        Self.effectiveScale(
          input: from.scale, filter: scales[scales.count == 1 ? 0 : channel], output: to.scale))
      let folded = Int64(bias[channel]) - Int64(from.zeroPoint) * Int64(sums?[channel] ?? 0)
      constants.append(
        shunt_channel_t(
          bias: Int32(truncatingIfNeeded: folded), multiplier: scale.mantissa, shift: scale.shift))
    }
    return ChannelConstants(input: from, output: to, channels: constants)
  }

  private static func channelSums(of weights: [UInt8], channels: Int, channelStride: Int) -> [Int] {
    let perChannel = weights.count / max(1, channels)
    return weights.withUnsafeBufferPointer { weights in
      (0..<channels).map { channel in
        let start = channelStride == 1 ? channel * perChannel : channel
        var sum = 0
        for index in 0..<perChannel {
          sum &+= Int(Int8(bitPattern: weights[start + index * channelStride]))
        }
        return sum
      }
    }
  }

  /// Input scale times filter scale over output scale, in double precision throughout, as TFLite
  /// Micro computes it.
  static func effectiveScale(input: Float, filter: Float, output: Float) -> Double {
    Double(input) * Double(filter) / Double(output)
  }

  /// A real as the multiplier of a requantization.
  func multiplier(_ real: Double) throws(BlobFormatError) -> FixedPointScale {
    guard let scale = FixedPointScale(real) else {
      throw unsupported(
        "its effective scale \(real) is not below 2^30",
        remedy: "Look for a scale that is far too small or too large, and quantize again.")
    }
    return scale
  }

  /// The error for shapes that do not fit together.
  func shapesDisagree(_ tensors: TensorID...) -> BlobFormatError {
    unsupported(
      "its shapes disagree: " + tensors.map { graph[$0].shape.description }.joined(separator: ", "),
      remedy: "Export the model again.")
  }
}
