// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// A convolution or fully connected layer as the portable kernel sees it: what the layouts of other
/// kernels are made from.
struct LayerMaterial {
  /// The parameters, by kind of kernel; their offsets are not filled in.
  enum Parameters {
    case conv2D(shunt_conv2d_params_t)
    case depthwise(shunt_depthwise_conv2d_params_t)
    case fullyConnected(shunt_fully_connected_params_t)
  }

  /// One record for each output channel, all of one form.
  enum Records {
    case exact([shunt_channel_t])
    case line([shunt_line_t])
    case fast([shunt_channel_t])

    var requantization: Requantization {
      switch self {
      case .exact: .exact
      case .line: .line
      case .fast: .fast
      }
    }
  }

  var parameters: Parameters
  /// In the portable order: [output, height, width, input / groups], for depthwise [height, width,
  /// output], for fully connected [output, input].
  var weights: [Int8]
  /// As the blob's rounding asks for; with fast rounding, multipliers that have lines where there are such.
  var channels: [shunt_channel_t]
  /// The same as proved lines; `nil` if some channel has none.
  var lines: [shunt_line_t]?
  var rounding: Rounding
  /// Whether the blob has the weights as nibbles.
  var hasNibbles: Bool

  /// The records in the best form that a kernel accepts.
  func records(acceptsLines: Bool = true) -> Records {
    if acceptsLines, let lines { return .line(lines) }
    return rounding == .fast ? .fast(channels) : .exact(channels)
  }

  /// The material of a step; `nil` if it is no such layer, or in another form already.
  init?(_ step: LoweredStep, graph: Graph, rounding: Rounding) {
    guard let tensor = step.parameters.weights ?? step.nibblesOf,
      let bytes = graph[tensor].constant,
      let channels = step.parameters.channels, step.set == .portable
    else { return nil }
    switch step.kernel {
    case .conv2D:
      guard let p = step.parameters.load(shunt_conv2d_params_t.self) else { return nil }
      parameters = .conv2D(p)
    case .depthwiseConv2D:
      guard let p = step.parameters.load(shunt_depthwise_conv2d_params_t.self) else { return nil }
      parameters = .depthwise(p)
    case .fullyConnected:
      guard let p = step.parameters.load(shunt_fully_connected_params_t.self) else { return nil }
      parameters = .fullyConnected(p)
    case .conv2D4:
      guard let p = step.parameters.load(shunt_conv2d_s4_params_t.self) else { return nil }
      parameters = .conv2D(p.convolution)
    case .fullyConnected4:
      guard let p = step.parameters.load(shunt_fully_connected_s4_params_t.self)
      else { return nil }
      parameters = .fullyConnected(p.layer)
    default: return nil
    }
    weights = bytes.map { Int8(bitPattern: $0) }
    self.channels = channels
    self.rounding = rounding
    hasNibbles = step.nibblesOf != nil
    lines = nil
    guard weights.count.isMultiple(of: channels.count) else { return nil }
    if let found = provedLines() {
      self.channels = found.channels
      lines = found.lines
    }
  }

  /// Zero point and clamp of the outputs.
  var output: LayerOutput {
    switch parameters {
    case .conv2D(let p): LayerOutput(p.output_zero_point, p.clamp_min, p.clamp_max)
    case .depthwise(let p): LayerOutput(p.output_zero_point, p.clamp_min, p.clamp_max)
    case .fullyConnected(let p): LayerOutput(p.output_zero_point, p.clamp_min, p.clamp_max)
    }
  }

  /// The sums that a channel can reach, without its bias: any int8 may come in at any place.
  func reach(ofChannel channel: Int) -> ClosedRange<Int> {
    let perChannel = weights.count / channels.count
    var (positive, negative) = (0, 0)
    func add(_ weight: Int8) {
      if weight > 0 { positive += Int(weight) } else { negative += Int(weight) }
    }
    weights.withUnsafeBufferPointer { weights in
      if case .depthwise = parameters {
        for index in stride(from: channel, to: weights.count, by: channels.count) {
          add(weights[index])
        }
      } else {
        for index in channel * perChannel..<(channel + 1) * perChannel { add(weights[index]) }
      }
    }
    return (127 * negative - 128 * positive)...(127 * positive - 128 * negative)
  }

  /// The channels with a proved line for each; `nil` if one has none.
  private func provedLines() -> (channels: [shunt_channel_t], lines: [shunt_line_t])? {
    var result: (channels: [shunt_channel_t], lines: [shunt_line_t]) = ([], [])
    for (index, channel) in channels.enumerated() {
      let reach = reach(ofChannel: index)
      let candidates = rounding == .fast ? [channel] + channel.neighbours : [channel]
      let found = candidates.lazy.compactMap { candidate in
        line(candidate, reach: reach).map { (candidate, $0) }
      }.first
      guard let found else { return nil }
      result.channels.append(found.0)
      result.lines.append(found.1)
    }
    return result
  }

  /// - Parameter reach: Of the sums, without the bias.
  private func line(_ channel: shunt_channel_t, reach: ClosedRange<Int>) -> shunt_line_t? {
    let bias = Int(channel.bias)
    return LineSearch.line(
      for: ScalingFunction(channel, output: output, rounding: rounding),
      reach: (reach.lowerBound + bias)...(reach.upperBound + bias), bias: bias)
  }
}

extension shunt_channel_t {
  /// The same with multipliers as a line has them, the nearest first: fast rounding leaves the packer the last
  /// bits of a scale, and one of a few has a proved line nearly always. None is further off than what
  /// makes a sixtieth of an output over the whole range of int8.
  fileprivate var neighbours: [shunt_channel_t] {
    let exponent = shift + 1
    guard multiplier > 0, (-15...0).contains(exponent) else { return [] }
    // As a share of 2^32, even.
    let nearest = Int(multiplier) >> Int(-exponent) & ~1
    let steps = 1...max(1, min(32, nearest >> 15))
    let multipliers = [nearest] + steps.flatMap { [nearest - 2 * $0, nearest + 2 * $0] }
    return multipliers.compactMap(withShareOf32Bits)
  }

  /// The channel with a multiplier of so many 2^32nds; `nil` for none below 2^31.
  private func withShareOf32Bits(_ share: Int) -> shunt_channel_t? {
    guard share > 0, share < 1 << 31 else { return nil }
    let leading = share.leadingZeroBitCount - (Int.bitWidth - 31)
    var channel = self
    channel.multiplier = Int32(share << leading)
    channel.shift = Int32(-1 - leading)
    return channel
  }
}

extension LayerOutput {
  fileprivate init(_ zeroPoint: Int32, _ least: Int32, _ greatest: Int32) {
    self.init(zeroPoint: Int(zeroPoint), range: Int(least)...Int(max(least, greatest)))
  }
}
