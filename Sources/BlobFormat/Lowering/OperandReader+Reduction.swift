// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Foundation
internal import ModelGraph

/// Operators that make few numbers of many, or mix neighbours.
extension OperandReader {
  /// Squares of at most 255 whose sum fits 31 bits.
  static let normalizationDepthLimit = 33000
  /// Exponentials of at most 2^15 whose sum fits 31 bits.
  static let wideSoftmaxDepthLimit = 65535

  // MARK: Reductions

  func reduce(_ attributes: ReduceAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    guard let geometry = ReductionGeometry(shape: graph[input].shape, axes: attributes.axes) else {
      throw unsupported(
        "it reduces \(graph[input].shape) along \(attributes.axes)",
        remedy: "Use at most \(SHUNT_MAX_RANK) dimensions.")
    }
    switch attributes.function {
    case .mean: return try sum(input, output, geometry, isMean: true)
    case .sum: return try sum(input, output, geometry, isMean: false)
    case .maximum: return try extreme(input, output, geometry, flip: 0)
    case .minimum: return try extreme(input, output, geometry, flip: -1)
    }
  }

  private func sum(
    _ input: TensorID, _ output: TensorID, _ geometry: ReductionGeometry, isMean: Bool
  ) throws(BlobFormatError) -> LoweredStep {
    let types: [ElementType] = [.int8, .int16]
    let from = try activation(input, types: types)
    let to = try activation(output, types: types)
    let scale = try multiplier(Double(from.scale) / Double(to.scale))
    let factor = isMean ? Self.mean(scale, count: geometry.count) : (scale.mantissa, scale.shift)
    let parameters = shunt_reduce_sum_params_t(
      reduction: geometry.record,
      offset: Int32(truncatingIfNeeded: -Int(from.zeroPoint) * geometry.count),
      multiplier: factor.0, shift: factor.1, output_zero_point: to.zeroPoint)
    return step(
      graph[input].elementType == .int8 ? .reduceSum : .reduceSumWide, inputs: [input],
      output: output, parameters: ParameterImage(parameters))
  }

  /// The scale divided by `count` as TensorFlow Lite does it: the mantissa is moved left by as many
  /// bits as the count has behind its highest, divided and cut off.
  private static func mean(_ scale: FixedPointScale, count: Int) -> (Int32, Int32) {
    let bits = Int.bitWidth - 1 - count.leadingZeroBitCount
    let shift = min(bits, 32, 31 + Int(scale.shift))
    return (Int32((Int(scale.mantissa) << shift) / count), scale.shift - Int32(shift))
  }

  private func extreme(
    _ input: TensorID, _ output: TensorID, _ geometry: ReductionGeometry, flip: Int32
  ) throws(BlobFormatError) -> LoweredStep {
    _ = try activation(input)
    _ = try activation(output)
    let parameters = shunt_reduce_max_params_t(
      reduction: geometry.record, flip: flip, reserved: (0, 0, 0))
    return step(
      .reduceMax, inputs: [input], output: output, parameters: ParameterImage(parameters))
  }

  func argMax(_ attributes: ArgMaxAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    guard graph[input].elementType == .int8 else { throw notInt8(input) }
    let line = line(of: graph[input].shape, along: attributes.axis)
    let parameters = shunt_arg_max_params_t(
      outer: line.outer, count: line.count, inner: line.inner,
      flip: attributes.findsMinimum ? -1 : 0)
    return step(.argMax, inputs: [input], output: output, parameters: ParameterImage(parameters))
  }

  func cumulativeSum(_ attributes: CumulativeSumAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let from = try activation(input)
    let to = try activation(output)
    let real = 2 * Double(from.scale) / (Double(1 << 20) * Double(to.scale))
    let scale = try multiplier(real)
    guard real < 1, scale.shift <= 0 else {
      throw unsupported(
        "its output's scale \(to.scale) is too small for sums of steps of \(from.scale)",
        remedy: "Quantize its output with a scale near that of its input.")
    }
    let line = line(of: graph[input].shape, along: attributes.axis)
    let parameters = shunt_cumsum_params_t(
      outer: line.outer, count: line.count, inner: line.inner,
      reverse: attributes.isReverse ? 1 : 0, exclusive: attributes.isExclusive ? 1 : 0,
      input_zero_point: from.zeroPoint, multiplier: scale.mantissa, shift: scale.shift,
      output_zero_point: to.zeroPoint, reserved: 0)
    return step(
      .cumulativeSum, inputs: [input], output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: graph[input].constant == nil ? [0] : [])
  }

  /// The dimensions of a shape, those before and behind `axis` merged.
  private func line(
    of shape: Shape, along axis: Int
  ) -> (outer: UInt32, count: UInt32, inner: UInt32) {
    let dimensions = shape.dimensions
    return (
      UInt32(dimensions[..<axis].reduce(1, *)), UInt32(dimensions[axis]),
      UInt32(dimensions[(axis + 1)...].reduce(1, *))
    )
  }

  // MARK: Rows

  /// Rows and their length, of an operator along the last dimension.
  func rows(
    _ input: TensorID, _ output: TensorID, depthLimit: Int
  ) throws(BlobFormatError) -> (rows: UInt32, depth: UInt32) {
    let shape = graph[input].shape
    guard let depth = shape.dimensions.last, graph[output].shape == shape else {
      throw shapesDisagree(input, output)
    }
    guard depth <= depthLimit else {
      throw unsupported(
        "it runs over \(depth) elements, and the kernel's limit is \(depthLimit)",
        remedy: "Leave it to the host: end the model before it.")
    }
    return (UInt32(shape.elementCount / depth), UInt32(depth))
  }

  func l2Normalization() throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let from = try activation(input)
    _ = try activation(output)
    let (rows, depth) = try rows(input, output, depthLimit: Self.normalizationDepthLimit)
    let parameters = shunt_l2_normalization_params_t(
      rows: rows, depth: depth, input_zero_point: from.zeroPoint, reserved: 0)
    return step(
      .l2Normalization, inputs: [input], output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: graph[input].constant == nil ? [0] : [])
  }

  func logSoftmax() throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let from = try activation(input)
    _ = try activation(output)
    let (rows, depth) = try rows(input, output, depthLimit: Self.softmaxDepthLimit)
    let scaling = try softmaxScaling(beta: 1, scale: from.scale)
    // Where only the maximum counts, every distance is below the lowest one.
    let isSaturated = scaling.minimum == 0
    let reverse = FixedPointScale(
      Double(Int64(1) << Int64(31 - scaling.leftShift)) / Double(scaling.multiplier))
    let parameters = shunt_log_softmax_params_t(
      rows: rows, depth: depth, multiplier: scaling.multiplier, left_shift: scaling.leftShift,
      diff_min: scaling.minimum,
      reverse_multiplier: isSaturated ? Int32.max : reverse?.mantissa ?? Int32.max,
      reverse_shift: isSaturated ? 0 : min(0, reverse?.shift ?? 0), reserved: 0)
    return step(
      .logSoftmax, inputs: [input], output: output, parameters: ParameterImage(parameters))
  }

  /// Softmax of int16.
  func wideSoftmax(beta: Float) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let from = try activation(input, types: [.int16])
    _ = try activation(output, types: [.int16])
    let (rows, depth) = try rows(input, output, depthLimit: Self.wideSoftmaxDepthLimit)
    guard let scale = FixedPointScale(Double(from.scale) * Double(beta) / (10.0 / 65535.0)),
      scale.shift <= 14, from.zeroPoint == 0
    else {
      throw unsupported(
        "beta \(beta) times its input's scale \(from.scale) is out of range, or its zero point is "
          + "not 0",
        remedy: "Quantize the softmax's input symmetrically, with a scale below 2 / beta.")
    }
    let unit = 2 / Float(65535)
    let exponential = InterpolatedTable(
      inputScale: 10 / Float(65535), inputZeroPoint: 32767, outputScale: unit
    ) { Foundation.exp($0) }
    let reciprocal = InterpolatedTable(
      inputScale: 1 / Float(65535), inputZeroPoint: -32768, outputScale: unit
    ) { 1 / (1 + $0) }
    let parameters = shunt_softmax_s16_params_t(
      rows: rows, depth: depth, multiplier: scale.mantissa, shift: scale.shift, exponential: 0,
      reciprocal: 0, reserved: (0, 0))
    return step(
      .softmaxWide, inputs: [input], output: output,
      parameters: ParameterImage(
        parameters,
        holes: [
          (\.exponential, .bytes(exponential.bytes)), (\.reciprocal, .bytes(reciprocal.bytes)),
        ]))
  }

  // MARK: Images

  func resizeBilinear(_ attributes: ResizeBilinearAttributes) throws(BlobFormatError) -> LoweredStep
  {
    let (input, output) = (try tensor(0), try self.output())
    _ = try activation(input)
    _ = try activation(output)
    let (from, to) = (graph[input].shape, graph[output].shape)
    guard from.rank == 4, to.rank == 4, from[0] == to[0], from[3] == to[3] else {
      throw shapesDisagree(input, output)
    }
    let height = try resizing(from[1], to[1], attributes)
    let width = try resizing(from[2], to[2], attributes)
    let parameters = shunt_resize_params_t(
      batches: UInt32(from[0]), in_height: UInt32(from[1]), in_width: UInt32(from[2]),
      channels: UInt32(from[3]), out_height: UInt32(to[1]), out_width: UInt32(to[2]),
      height_scale: height.scale, width_scale: width.scale, height_offset: height.offset,
      width_offset: width.offset, reserved: (0, 0))
    return step(
      .resizeBilinear, inputs: [input], output: output, parameters: ParameterImage(parameters))
  }

  /// The most rows or columns of an image that is resized.
  static let resizingLimit = 65535

  /// The step and the beginning, in 1/1024 of an input pixel, of output pixels along one dimension.
  private func resizing(
    _ from: Int, _ to: Int, _ attributes: ResizeBilinearAttributes
  ) throws(BlobFormatError) -> (scale: Int32, offset: Int32) {
    let extents = attributes.alignsCorners && to > 1 ? (from - 1, to - 1) : (from, to)
    let scale = (extents.0 * 1024 + extents.1 / 2) / extents.1
    guard from <= Self.resizingLimit, to <= Self.resizingLimit, (to - 1) * scale <= 1 << 30 else {
      throw unsupported(
        "it resizes \(from) rows or columns to \(to)", remedy: "Resize by a smaller factor.")
    }
    let offset = attributes.usesHalfPixelCenters ? scale / 2 - 512 : 0
    return (Int32(scale), Int32(offset))
  }
}
