// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Convolutions and fully connected layers with int16 activations and int8 weights.
extension OperandReader {
  func convolution16(
    _ kernel: KernelKind, window: shunt_window_t, groups: Int, activation: Activation
  ) throws(BlobFormatError) -> LoweredStep {
    let constants = try channelConstants16(channels: Int(window.out_channels))
    let range = ActivationRange(
      activation, scale: constants.outputScale, zeroPoint: 0, type: .int16)
    let parameters = shunt_conv2d_s16_params_t(
      window: window, weights: 0, channels: 0, clamp_min: range.lower, clamp_max: range.upper,
      groups: UInt32(groups), wide: constants.isWide ? 1 : 0, reserved: (0, 0))
    return step(
      kernel, inputs: [try tensor(0)], output: try output(),
      parameters: ParameterImage(
        parameters,
        holes: [
          (\.weights, .weights(try tensor(1))), (\.channels, .channels16(constants.channels)),
        ]))
  }

  func fullyConnected16(
    batches: Int, inputs: Int, outputs: Int, activation: Activation
  ) throws(BlobFormatError) -> LoweredStep {
    let constants = try channelConstants16(channels: outputs)
    let range = ActivationRange(
      activation, scale: constants.outputScale, zeroPoint: 0, type: .int16)
    let parameters = shunt_fully_connected_s16_params_t(
      batches: UInt32(batches), inputs: UInt32(inputs), outputs: UInt32(outputs), weights: 0,
      channels: 0, clamp_min: range.lower, clamp_max: range.upper,
      wide: constants.isWide ? 1 : 0)
    return step(
      .fullyConnected16, inputs: [try tensor(0)], output: try output(),
      parameters: ParameterImage(
        parameters,
        holes: [
          (\.weights, .weights(try tensor(1))), (\.channels, .channels16(constants.channels)),
        ]))
  }

  /// What the channels of an operator with int16 activations need.
  struct ChannelConstants16 {
    var outputScale: Float
    var channels: [shunt_channel16_t]
    /// Whether sums have 64 bits, as they do beside a bias of 64 bits.
    var isWide: Bool
  }

  /// The constants of an operator whose inputs are activations, weights and perhaps a bias.
  func channelConstants16(channels: Int) throws(BlobFormatError) -> ChannelConstants16 {
    let from = try symmetric16(try tensor(0))
    let to = try symmetric16(try output())
    let (_, scales) = try weights(try tensor(1), outputChannels: channels)
    let isWide = try hasWideSums()
    let bias =
      isWide
      ? try wideBias(2, channels) : try bias(2, outputChannels: channels).map { Int64($0) }
    var constants: [shunt_channel16_t] = []
    for channel in 0..<channels {
      let scale = try multiplier(
        Self.effectiveScale(
          input: from, filter: scales[scales.count == 1 ? 0 : channel], output: to))
      constants.append(
        try isWide
          ? wideChannel(bias: bias[channel], scale)
          : shunt_channel16_t(
            bias: bias[channel], multiplier: scale.mantissa, shift: scale.shift))
    }
    return ChannelConstants16(outputScale: to, channels: constants, isWide: isWide)
  }

  /// Scale of an int16 activation, whose zero point must be 0.
  func symmetric16(_ id: TensorID) throws(BlobFormatError) -> Float {
    let quantized = try activation(id, types: [.int16])
    guard quantized.zeroPoint == 0 else {
      throw unsupported(
        "the int16 tensor '\(graph[id].name)' has zero point \(quantized.zeroPoint)",
        remedy: "Quantize int16 activations symmetrically, as TFLite's specification says.")
    }
    return quantized.scale
  }

  /// A real as the 16-bit multiplier and the shift of a 64-bit sum.
  func wideScale(_ scale: FixedPointScale) throws(BlobFormatError) -> (Int32, Int32) {
    // TFLite rounds the 31-bit mantissa to 15 bits, and caps what would become 16.
    let multiplier = scale.mantissa < 0x7FFF_0000 ? (scale.mantissa + (1 << 15)) >> 16 : 0x7FFF
    guard scale.shift <= 14 else {
      throw unsupported(
        "its effective scale is above 2^14",
        remedy: "Look for a scale that is far too small or too large, and quantize again.")
    }
    return (multiplier, scale.shift)
  }

  private func wideChannel(
    bias: Int64, _ scale: FixedPointScale
  ) throws(BlobFormatError) -> shunt_channel16_t {
    let (multiplier, shift) = try wideScale(scale)
    return shunt_channel16_t(bias: bias, multiplier: multiplier, shift: shift)
  }

  private func hasWideSums() throws(BlobFormatError) -> Bool {
    guard node.inputs.indices.contains(2), let id = node.inputs[2] else {
      return true
    }
    return graph[id].elementType == .int64
  }

  /// Bits of a bias of int16 activations, without sign.
  static let wideBiasBits = 46

  /// The int64 bias at input `index`, one number per output channel; zeros where it is left out.
  func wideBias(_ index: Int, _ channels: Int) throws(BlobFormatError) -> [Int64] {
    guard node.inputs.indices.contains(index), let id = node.inputs[index] else {
      return [Int64](repeating: 0, count: channels)
    }
    let limit = Int64(1) << Self.wideBiasBits
    guard let values = graph[id].integers, values.count == channels,
      values.allSatisfy({ (-limit...limit).contains(Int64($0)) })
    else {
      throw unsupported(
        "its bias '\(graph[id].name)' is not a constant of \(channels) int64 within "
          + "2^\(Self.wideBiasBits)",
        remedy: "Quantize the whole model again.")
    }
    return values.map { Int64($0) }
  }
}
