// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Transposed convolutions and products of two activations.
extension OperandReader {
  func transposeConv(
    _ attributes: TransposeConvAttributes
  ) throws(BlobFormatError) -> LoweredStep {
    let (input, filter, output) = (try tensor(0), try tensor(1), try self.output())
    let (shape, from, to) = (graph[filter].shape, graph[input].shape, graph[output].shape)
    guard shape.rank == 4, from.rank == 4, to.rank == 4, shape[0] == to[3], shape[3] == from[3]
    else { throw shapesDisagree(input, filter, output) }
    // The window slides over the output, so that its padding follows from the output's size.
    let padding = PaddingAmounts(
      attributes.padding, input: Spatial(height: to[1], width: to[2]),
      kernel: Spatial(height: shape[1], width: shape[2]), stride: attributes.stride,
      dilation: Spatial(height: 1, width: 1))
    let window = try window(
      input: input, output: output, size: Spatial(height: shape[1], width: shape[2]),
      stride: attributes.stride, dilation: Spatial(height: 1, width: 1),
      padding: .explicit(
        top: padding.top, bottom: padding.bottom, left: padding.left, right: padding.right))
    return graph[input].elementType == .int16
      ? try transposeConv16(window, attributes.activation)
      : try transposeConv8(window, attributes.activation)
  }

  private func transposeConv8(
    _ window: shunt_window_t, _ activation: Activation
  ) throws(BlobFormatError) -> LoweredStep {
    let (input, filter, output) = (try tensor(0), try tensor(1), try self.output())
    let constants = try channelConstants(
      input: input, filter: filter, output: output, channels: Int(window.out_channels),
      channelStride: nil)
    let range = ActivationRange(
      activation, scale: constants.output.scale, zeroPoint: constants.output.zeroPoint)
    let parameters = shunt_transpose_conv_params_t(
      window: window, weights: 0, channels: 0, input_zero_point: constants.input.zeroPoint,
      output_zero_point: constants.output.zeroPoint, clamp_min: range.lower,
      clamp_max: range.upper, wide: 0, reserved: 0)
    return step(
      .transposeConv, inputs: [input], output: output,
      parameters: ParameterImage(
        parameters,
        holes: [(\.weights, .weights(filter)), (\.channels, .channels(constants.channels))]))
  }

  private func transposeConv16(
    _ window: shunt_window_t, _ activation: Activation
  ) throws(BlobFormatError) -> LoweredStep {
    let constants = try channelConstants16(channels: Int(window.out_channels))
    let range = ActivationRange(
      activation, scale: constants.outputScale, zeroPoint: 0, type: .int16)
    let parameters = shunt_transpose_conv_params_t(
      window: window, weights: 0, channels: 0, input_zero_point: 0, output_zero_point: 0,
      clamp_min: range.lower, clamp_max: range.upper, wide: constants.isWide ? 1 : 0, reserved: 0)
    return step(
      .transposeConv16, inputs: [try tensor(0)], output: try output(),
      parameters: ParameterImage(
        parameters,
        holes: [
          (\.weights, .weights(try tensor(1))), (\.channels, .channels16(constants.channels)),
        ]))
  }

  func batchMatMul(
    transposesFirst: Bool, transposesSecond: Bool
  ) throws(BlobFormatError) -> LoweredStep {
    let (a, b, output) = (try tensor(0), try tensor(1), try self.output())
    let isWide = graph[output].elementType == .int16
    let types: [ElementType] = [isWide ? .int16 : .int8]
    let from = [try activation(a, types: types), try activation(b, types: types)]
    let to = try activation(output, types: types)
    let (shapeA, shapeB, shape) = (graph[a].shape, graph[b].shape, graph[output].shape)
    guard let batches = BatchGeometry(output: shape, inputs: [shapeA, shapeB]) else {
      throw unsupported(
        "its shapes \(shapeA) and \(shapeB) have more than three batch dimensions",
        remedy: "Reshape the operands to at most five dimensions.")
    }
    let scale = try multiplier(
      Double(from[0].scale) * Double(from[1].scale) / Double(to.scale))
    let (multiplier, shift) = isWide ? try wideScale(scale) : (scale.mantissa, scale.shift)
    let range = ActivationRange(
      .none, scale: to.scale, zeroPoint: to.zeroPoint, type: isWide ? .int16 : .int8)
    let (columnsA, columnsB) = (shapeA[shapeA.rank - 1], shapeB[shapeB.rank - 1])
    let depth = transposesFirst ? shapeA[shapeA.rank - 2] : columnsA
    let parameters = shunt_batch_matmul_params_t(
      batches: batches.dimensions, rows: UInt32(shape[shape.rank - 2]),
      columns: UInt32(shape[shape.rank - 1]), depth: UInt32(depth),
      batch_strides: (batches.strides[0], batches.strides[1]),
      row_stride: UInt32(transposesFirst ? 1 : columnsA),
      column_stride: UInt32(transposesSecond ? columnsB : 1),
      depth_strides: (
        UInt32(transposesFirst ? columnsA : 1), UInt32(transposesSecond ? 1 : columnsB)
      ),
      input_zero_point: (from[0].zeroPoint, from[1].zeroPoint), multiplier: multiplier,
      shift: shift, output_zero_point: to.zeroPoint, clamp_min: range.lower,
      clamp_max: range.upper, reserved: 0)
    return step(
      isWide ? .batchMatMul16 : .batchMatMul, inputs: [a, b], output: output,
      parameters: ParameterImage(parameters))
  }
}

/// How matrices are walked while three nested loops walk the batches of the result.
struct BatchGeometry {
  typealias Triple = (UInt32, UInt32, UInt32)

  /// The most batch dimensions.
  static let batchLimit = 3

  /// The result's batch dimensions, padded in front with 1.
  let dimensions: Triple
  /// Per operand, elements between neighbours along each of them; 0 where it is repeated.
  let strides: [Triple]

  /// `nil` if there are more than three batch dimensions.
  init?(output: Shape, inputs: [Shape]) {
    guard output.rank <= 2 + Self.batchLimit, inputs.allSatisfy({ $0.rank <= output.rank }) else {
      return nil
    }
    dimensions = Self.triple(Self.padded(output))
    strides = inputs.map { shape in
      var stride = shape[shape.rank - 2] * shape[shape.rank - 1]
      var result: [Int] = []
      for extent in Self.padded(shape).reversed() {
        result.insert(extent == 1 ? 0 : stride, at: 0)
        stride *= extent
      }
      return Self.triple(result)
    }
  }

  private static func padded(_ shape: Shape) -> [Int] {
    let batches = Array(shape.dimensions.dropLast(2))
    return [Int](repeating: 1, count: batchLimit - batches.count) + batches
  }

  private static func triple(_ values: [Int]) -> Triple {
    (UInt32(values[0]), UInt32(values[1]), UInt32(values[2]))
  }
}
