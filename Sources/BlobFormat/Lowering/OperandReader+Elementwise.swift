// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Operators that need no weights.
extension OperandReader {
  /// Extra bits that sums of two int8 carry (TFLite's int8 ADD).
  private static let addLeftShift = 20
  /// Exponentials whose sum fits the kernel's twelve integer bits.
  static let softmaxDepthLimit = 4095

  /// - Parameter storage: What every tensor is a view of, to know which operands share bytes.
  func add(_ activation: Activation, storage: [Int]) throws(BlobFormatError) -> LoweredStep {
    let inputs = [try tensor(0), try tensor(1)]
    let output = try self.output()
    let from = [try self.activation(inputs[0]), try self.activation(inputs[1])]
    let to = try self.activation(output)
    let common = 2 * Double(max(from[0].scale, from[1].scale))
    let scales = [
      try multiplier(Double(from[0].scale) / common),
      try multiplier(Double(from[1].scale) / common),
    ]
    let outputScale = try multiplier(
      common / (Double(1 << Self.addLeftShift) * Double(to.scale)))
    let range = ActivationRange(activation, scale: to.scale, zeroPoint: to.zeroPoint)
    guard
      let geometry = BroadcastGeometry(
        output: graph[output].shape, inputs: inputs.map { graph[$0].shape })
    else {
      throw unsupported(
        "its shapes \(graph[inputs[0]].shape) and \(graph[inputs[1]].shape) do not broadcast to "
          + "\(graph[output].shape) in four dimensions",
        remedy: "Reshape the operands to at most four dimensions.")
    }
    let parameters = shunt_add_params_t(
      dims: geometry.dimensions, strides: (geometry.strides[0], geometry.strides[1]),
      input_zero_point: (from[0].zeroPoint, from[1].zeroPoint),
      input_multiplier: (scales[0].mantissa, scales[1].mantissa),
      input_shift: (scales[0].shift, scales[1].shift), left_shift: Int32(Self.addLeftShift),
      output_multiplier: outputScale.mantissa, output_shift: outputScale.shift,
      output_zero_point: to.zeroPoint, clamp_min: range.lower, clamp_max: range.upper)
    return step(
      .add, inputs: inputs, output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: reusableInputs(inputs, output: output, storage: storage))
  }

  /// Operands that the sum may be written over: as large as it, and not also read in another order
  /// as the other operand.
  private func reusableInputs(_ inputs: [TensorID], output: TensorID, storage: [Int]) -> [Int] {
    let bytes = graph[output].byteCount
    return [0, 1].filter { index in
      let other = inputs[1 - index]
      let sharesBytes = storage[inputs[index].index] == storage[other.index]
      return graph[inputs[index]].constant == nil && graph[inputs[index]].byteCount == bytes
        && (!sharesBytes || graph[other].byteCount == bytes)
    }
  }

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

  func requantize() throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let from = try activation(input)
    let to = try activation(output)
    guard graph[input].byteCount == graph[output].byteCount else {
      throw shapesDisagree(input, output)
    }
    let scale = try multiplier(Double(from.scale) / Double(to.scale))
    let parameters = shunt_requantize_params_t(
      count: UInt32(graph[input].byteCount), input_zero_point: from.zeroPoint,
      multiplier: scale.mantissa, shift: scale.shift, output_zero_point: to.zeroPoint, reserved: 0)
    return step(
      .requantize, inputs: [input], output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: graph[input].constant == nil ? [0] : [])
  }

  func copy(_ input: TensorID, to output: TensorID, bytes: Int) -> LoweredStep {
    step(
      .copy, inputs: [input], output: output,
      parameters: ParameterImage(shunt_copy_params_t(bytes: UInt32(bytes), reserved: 0)))
  }
}
