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
  /// As the blob's rounding asks for.
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
    lines = provedLines()
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

  private func provedLines() -> [shunt_line_t]? {
    let output = self.output
    var lines: [shunt_line_t] = []
    lines.reserveCapacity(channels.count)
    for (index, channel) in channels.enumerated() {
      let reach = reach(ofChannel: index)
      let bias = Int(channel.bias)
      let function = ScalingFunction(channel, output: output, rounding: rounding)
      guard
        let line = LineSearch.line(
          for: function, reach: (reach.lowerBound + bias)...(reach.upperBound + bias), bias: bias)
      else { return nil }
      lines.append(line)
    }
    return lines
  }
}

extension LayerOutput {
  fileprivate init(_ zeroPoint: Int32, _ least: Int32, _ greatest: Int32) {
    self.init(zeroPoint: Int(zeroPoint), range: Int(least)...Int(max(least, greatest)))
  }
}
