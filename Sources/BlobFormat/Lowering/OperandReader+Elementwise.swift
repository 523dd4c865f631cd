// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Operators that need no weights.
extension OperandReader {
  /// Exponentials whose sum fits the kernel's twelve integer bits.
  static let softmaxDepthLimit = 4095

  func softmax(beta: Float) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    if graph[input].elementType == .int16 { return try wideSoftmax(beta: beta) }
    let from = try activation(input)
    let type = graph[output].elementType
    let to = try activation(output, types: [.int8, .int16])
    let bits: Float = type == .int8 ? 256 : 65536
    guard to.zeroPoint == (type == .int8 ? -128 : -32768), abs(to.scale * bits - 1) <= 0.001 else {
      throw unsupported(
        "its output '\(graph[output].name)' has scale \(to.scale) and zero point \(to.zeroPoint)",
        remedy: "Quantize it with scale 1/256 and zero point -128, as TFLite's specification says.")
    }
    let (rows, depth) = try rows(input, output, depthLimit: Self.softmaxDepthLimit)
    let scaling = try softmaxScaling(beta: beta, scale: from.scale)
    let parameters = shunt_softmax_params_t(
      rows: rows, depth: depth, multiplier: scaling.multiplier, left_shift: scaling.leftShift,
      diff_min: scaling.minimum, reserved: 0)
    return step(
      type == .int8 ? .softmax : .softmaxToWide, inputs: [input], output: output,
      parameters: ParameterImage(parameters))
  }

  /// How the inputs of a softmax are brought to fixed point.
  func softmaxScaling(beta: Float, scale: Float) throws(BlobFormatError) -> SoftmaxScaling {
    guard let scaling = SoftmaxScaling(beta: beta, scale: scale) else {
      throw unsupported(
        "beta \(beta) times its input's scale \(scale) is out of range",
        remedy: "Quantize the softmax's input with a scale above 2^-26 / beta.")
    }
    return scaling
  }

  /// QUANTIZE between integer types.
  func requantize() throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let types: [ElementType] = [.int8, .uint8, .int16, .int32]
    let from = try activation(input, types: types)
    let to = try activation(output, types: types)
    guard graph[input].shape.elementCount == graph[output].shape.elementCount else {
      throw shapesDisagree(input, output)
    }
    let scale = try multiplier(Double(from.scale) / Double(to.scale))
    let widths = [graph[input].elementType, graph[output].elementType]
    if widths.allSatisfy({ $0.bitWidth == 8 }), widths.contains(.uint8) {
      return try lookup(input, to: output) { value in
        Int32(
          clamping: Int64(scale.times(value - from.zeroPoint)) + Int64(to.zeroPoint))
      }
    }
    let parameters = shunt_requantize_params_t(
      count: UInt32(graph[input].shape.elementCount), input_zero_point: from.zeroPoint,
      multiplier: scale.mantissa, shift: scale.shift, output_zero_point: to.zeroPoint, reserved: 0)
    return step(
      widths == [.int8, .int8] ? .requantize : .requantizeMixed, inputs: [input], output: output,
      parameters: ParameterImage(parameters),
      inPlaceInputs: widths[0] == widths[1] ? overwritable(input) : [])
  }

  func copy(_ input: TensorID, to output: TensorID, bytes: Int) -> LoweredStep {
    step(
      .copy, inputs: [input], output: output,
      parameters: ParameterImage(shunt_copy_params_t(bytes: UInt32(bytes), reserved: 0)))
  }
}
