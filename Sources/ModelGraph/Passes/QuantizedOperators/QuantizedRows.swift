// SPDX-License-Identifier: Apache-2.0

/// Weights as integers around 0 that fit int8, with one scale for each output channel.
struct QuantizedRows {
  /// The integers, in the order of the weights.
  private(set) var integers: [Int]
  /// One scale for each channel.
  private(set) var scales: [Float]
  private let axis: Int
  private let inner: Int

  /// Takes a quantized constant as it is where that is possible: without zero points, or with ones
  /// that leave differences within int8, and scales per tensor or along `axis`. Else each channel gets
  /// a new scale, as do floats. `nil` if it is no constant.
  init?(_ weights: Tensor, axis: Int) {
    if let reals = weights.floats, weights.shape.dimensions.indices.contains(axis) {
      self.axis = axis
      inner = weights.shape.dimensions[(axis + 1)...].reduce(1, *)
      scales = [Float](repeating: 0, count: weights.shape[axis])
      integers = [Int](repeating: 0, count: reals.count)
      for channel in scales.indices { requantize(channel, reals.map(Double.init)) }
      return
    }
    guard weights.shape.dimensions.indices.contains(axis), let quantization = weights.quantization,
      let stored = weights.storedIntegers, let reals = weights.dequantizedConstant
    else { return nil }
    self.axis = axis
    inner = weights.shape.dimensions[(axis + 1)...].reduce(1, *)
    let channels = weights.shape[axis]
    guard quantization.isPerTensor || quantization.axis == axis else {
      scales = [Float](repeating: 0, count: channels)
      integers = stored
      for channel in 0..<channels { requantize(channel, reals) }
      return
    }
    let isPerTensor = quantization.isPerTensor
    scales =
      isPerTensor
      ? [Float](repeating: quantization.scale, count: channels) : quantization.scales
    integers = stored
    for (position, value) in stored.enumerated() {
      integers[position] =
        value - quantization.zeroPoints[isPerTensor ? 0 : channel(of: position)]
    }
    for channel in 0..<channels
    where indices(of: channel).contains(where: { !(-128...127).contains(integers[$0]) }) {
      requantize(channel, reals)
    }
  }

  /// The weights as a tensor, shaped and named like `model`.
  func tensor(like model: Tensor) -> Tensor {
    var tensor = model
    tensor.elementType = .int8
    tensor.constant = ElementType.int8.bytes(of: integers)
    let first = scales.first ?? 1
    tensor.quantization =
      scales.allSatisfy { $0 == first }
      ? QuantizationParameters(scale: first, zeroPoint: 0)
      : QuantizationParameters(
        scales: scales, zeroPoints: [Int](repeating: 0, count: scales.count), axis: axis)
    return tensor
  }

  /// A bias at the product of the input's and the weights' scales: int32, beside int16 activations
  /// int64. A channel whose bias would exceed 30 bits gets a coarser scale.
  ///
  /// - Parameter reals: One for each channel.
  mutating func bias(
    _ reals: [Double], of model: Tensor, inputScale: Float, type: ElementType
  ) -> Tensor {
    let limit = Double(1 << 30)
    for (channel, real) in reals.enumerated() {
      let coarsest = Float(abs(real) / (Double(inputScale) * limit))
      guard coarsest > scales[channel], coarsest.isFinite else { continue }
      let ratio = Double(scales[channel]) / Double(coarsest)
      for index in indices(of: channel) {
        integers[index] = Int(clamping: Double(integers[index]) * ratio, to: -128...127)
      }
      scales[channel] = coarsest
    }
    var tensor = model
    tensor.elementType = type == .int16 ? .int64 : .int32
    tensor.shape = [reals.count]
    let products = scales.map { inputScale * $0 }
    tensor.constant = tensor.elementType.bytes(
      of: zip(reals, products).map {
        Int(clamping: $0 / Double($1), to: Int(Int32.min)...Int(Int32.max))
      })
    let first = products.first ?? 1
    tensor.quantization =
      products.allSatisfy { $0 == first }
      ? QuantizationParameters(scale: first, zeroPoint: 0)
      : QuantizationParameters(
        scales: products, zeroPoints: [Int](repeating: 0, count: products.count))
    return tensor
  }

  // MARK: Channels

  private func channel(of position: Int) -> Int { position / inner % scales.count }

  private func indices(of channel: Int) -> [Int] {
    let block = inner * scales.count
    return stride(from: channel * inner, to: integers.count, by: block).flatMap {
      Array($0..<($0 + inner))
    }
  }

  /// Gives a channel the scale at which its largest weight is 127.
  private mutating func requantize(_ channel: Int, _ reals: [Double]) {
    let places = indices(of: channel)
    let reach = places.reduce(0) { max($0, abs(reals[$1])) }
    let scale = reach > 0 ? Float(reach / 127) : 1
    for index in places {
      integers[index] = Int(clamping: reals[index] / Double(scale), to: -127...127)
    }
    scales[channel] = scale
  }
}
