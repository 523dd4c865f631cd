// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Foundation
internal import ModelGraph

/// Functions of one operand: tables for 8 bits, kernels for 16.
extension OperandReader {
  func unary(_ function: UnaryFunction) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let from = try activation(input, types: [.int8, .int16])
    let to = try activation(output, types: [graph[input].elementType])
    guard graph[input].elementType == .int8 else {
      return try wideUnary(function, input, from, output, to)
    }
    return try lookup(input, to: output, try unaryTable(function, from, to))
  }

  /// A step that replaces every byte by its entry of a table.
  func lookup(
    _ input: TensorID, to output: TensorID, _ function: (Int32) -> Int32
  ) throws(BlobFormatError) -> LoweredStep {
    guard graph[input].byteCount == graph[output].byteCount else {
      throw shapesDisagree(input, output)
    }
    let table = LookupTable(
      from: graph[input].elementType, to: graph[output].elementType, function)
    let parameters = shunt_lookup_params_t(
      count: UInt32(graph[input].byteCount), table: 0, reserved: (0, 0))
    return step(
      .lookup, inputs: [input], output: output,
      parameters: ParameterImage(parameters, holes: [(\.table, .bytes(table.bytes))]),
      inPlaceInputs: overwritable(input))
  }

  /// Position 0, where input 0 may be overwritten.
  func overwritable(_ input: TensorID) -> [Int] { graph[input].constant == nil ? [0] : [] }

  // MARK: 8 bits

  /// The function from int8 to int8, bit for bit as the reference computes it.
  private func unaryTable(
    _ function: UnaryFunction, _ from: Quantized, _ to: Quantized
  ) throws(BlobFormatError) -> (Int32) -> Int32 {
    switch function {
    case .logistic, .tanh:
      return sigmoid(function, from)
    case .relu, .reluN1To1, .relu0To1:
      let range = ActivationRange(function, scale: to.scale, zeroPoint: to.zeroPoint, type: .int8)
      return try rescaled(from, to) { range.clamp($0) }
    case .relu6:
      let range = ActivationRange(
        function, scale: from.scale, zeroPoint: from.zeroPoint, type: .int8)
      return { range.clamp($0) }
    case .leakyReLU(let alpha):
      return try leakyReLU(alpha, from, to)
    case .absolute:
      return try distance(from, to) { abs($0) }
    case .negate:
      return try distance(from, to) { -$0 }
    case .hardSwish:
      guard let swish = HardSwish(inputScale: from.scale, outputScale: to.scale) else {
        throw badScales(from, to)
      }
      return { swish($0 - from.zeroPoint) + to.zeroPoint }
    case .elu:
      return { Self.exponentialLinear($0, from, to) }
    case .rsqrt:
      guard let root = InverseSquareRoot(inputScale: from.scale, outputScale: to.scale) else {
        throw badScales(from, to)
      }
      // Below its zero point the function has no value: there, too, the largest one stands.
      return { $0 > from.zeroPoint ? sum(root($0 - from.zeroPoint), to.zeroPoint) : 127 }
    case .squareRoot:
      // The reference cuts the digits behind the point off instead of rounding.
      return { value in
        let result = function.real(from.scale * Float(max(0, value - from.zeroPoint)))
        return Self.steps((result / to.scale).rounded(.towardZero), to)
      }
    case .square, .exponential, .logarithm, .sine, .cosine, .floor, .ceiling, .round, .gelu:
      return { value in
        let result = function.real(from.scale * Float(value - from.zeroPoint))
        return Self.steps(result * (1 / to.scale), to)
      }
    }
  }

  /// The output's scale, 2^-8 or 2^-7, is part of the definition.
  private func sigmoid(_ function: UnaryFunction, _ from: Quantized) -> (Int32) -> Int32 {
    let integerBits = 4
    let real = Double(from.scale) * Double(1 << (31 - integerBits))
    let scale = FixedPointScale(real)
    // From here on the result is that of infinity.
    let limit = Double(((1 << integerBits) - 1) << (31 - integerBits))
    let radius = scale.map { Int32(min(1000, limit * exp2(-Double($0.shift)))) } ?? 0
    return { value in
      let difference = value - from.zeroPoint
      guard difference > -radius else { return -128 }
      guard let scale, difference < radius else { return 127 }
      let x = FixedPoint.scale(difference, mantissa: scale.mantissa, shift: scale.shift)
      return function == .tanh
        ? FixedPoint.divide(FixedPoint.tanh(x), byPowerOfTwo: 24)
        : FixedPoint.divide(FixedPoint.logistic(x), byPowerOfTwo: 23) - 128
    }
  }

  /// `transform` after the change of scale and zero point.
  private func rescaled(
    _ from: Quantized, _ to: Quantized, _ transform: @escaping (Int32) -> Int32
  ) throws(BlobFormatError) -> (Int32) -> Int32 {
    let scale = try multiplier(Double(from.scale) / Double(to.scale))
    return { transform(sum(scale.times($0 - from.zeroPoint), to.zeroPoint)) }
  }

  /// `transform` of the distance to the zero point, before the change of scale, if there is one.
  private func distance(
    _ from: Quantized, _ to: Quantized, _ transform: @escaping (Int32) -> Int32
  ) throws(BlobFormatError) -> (Int32) -> Int32 {
    guard from.scale != to.scale else {
      return { transform($0 - from.zeroPoint) + to.zeroPoint }
    }
    let scale = try multiplier(Double(from.scale) / Double(to.scale))
    return { sum(scale.times(transform($0 - from.zeroPoint)), to.zeroPoint) }
  }

  private func leakyReLU(
    _ alpha: Float, _ from: Quantized, _ to: Quantized
  ) throws(BlobFormatError) -> (Int32) -> Int32 {
    let identity = try multiplier(Double(from.scale) / Double(to.scale))
    let slope = try multiplier(Double(from.scale) * Double(abs(alpha)) / Double(to.scale))
    return { value in
      let difference = value - from.zeroPoint
      guard difference < 0 else { return sum(identity.times(difference), to.zeroPoint) }
      let scaled = slope.times(difference)
      return sum(alpha < 0 ? -scaled : scaled, to.zeroPoint)
    }
  }

  /// ELU in binary32, as the reference fills its table.
  private static func exponentialLinear(
    _ value: Int32, _ from: Quantized, _ to: Quantized
  ) -> Int32 {
    let real = from.scale * Float(value - from.zeroPoint)
    let result = real < 0 ? Float(exp(Double(real))) - 1 : real
    return steps(result * (1 / to.scale), to)
  }

  /// The integer of a number of steps from the zero point, within what 8 bits can tell apart.
  private static func steps(_ steps: Float, _ to: Quantized) -> Int32 {
    let rounded = steps.rounded(.toNearestOrAwayFromZero) + Float(to.zeroPoint)
    // Scales at the end of binary32's range can make it undefined, and so can roots of negative numbers.
    return rounded.isNaN ? to.zeroPoint : Int32(max(-1000, min(1000, rounded)))
  }

  /// What QUANTIZE makes of functions of what DEQUANTIZE makes of 8 bits, as one table.
  ///
  /// - Parameters:
  ///   - input: Int8 or uint8.
  ///   - functions: In float32, the first one first.
  func tableOfFloats(
    _ input: TensorID, _ functions: [UnaryFunction]
  ) throws(BlobFormatError) -> LoweredStep {
    let output = try self.output()
    guard [graph[input], graph[output]].allSatisfy({ [.int8, .uint8].contains($0.elementType) })
    else {
      throw unsupported(
        "it quantizes what was computed in float32 from "
          + "\(graph[input].elementType.rawValue), which needs a table of 65536 entries",
        remedy: "Quantize the whole model, or this part of it to int8.")
    }
    let from = try activation(input, types: [.int8, .uint8])
    let to = try activation(output, types: [.int8, .uint8])
    return try lookup(input, to: output) { value in
      let real = Float(Double(from.scale) * Double(value - from.zeroPoint))
      return Self.steps(functions.reduce(real) { $1.real($0) } / to.scale, to)
    }
  }

  private func badScales(_ from: Quantized, _ to: Quantized) -> BlobFormatError {
    unsupported(
      "its scales, \(from.scale) and \(to.scale), are too far apart",
      remedy: "Look for a scale that is far too small or too large, and quantize again.")
  }

  // MARK: 16 bits

  private func wideUnary(
    _ function: UnaryFunction, _ input: TensorID, _ from: Quantized, _ output: TensorID,
    _ to: Quantized
  ) throws(BlobFormatError) -> LoweredStep {
    guard graph[input].byteCount == graph[output].byteCount else {
      throw shapesDisagree(input, output)
    }
    switch function {
    case .logistic, .tanh:
      return try wideSigmoid(function, input, from, output, to)
    case .relu, .reluN1To1, .relu0To1, .relu6, .leakyReLU, .absolute:
      return step(
        .piecewise16, inputs: [input], output: output,
        parameters: ParameterImage(try piecewise(function, input, from, to)),
        inPlaceInputs: overwritable(input))
    case .hardSwish, .elu, .negate, .rsqrt, .squareRoot, .square, .exponential, .logarithm, .sine,
      .cosine, .floor, .ceiling, .round, .gelu:
      throw unsupported(
        "it works on int8 only, but its input is int16",
        remedy: "Quantize this part of the model to int8.")
    }
  }

  private func piecewise(
    _ function: UnaryFunction, _ input: TensorID, _ from: Quantized, _ to: Quantized
  ) throws(BlobFormatError) -> shunt_piecewise_params_t {
    let limits = function == .relu6 ? from : to
    let range = ActivationRange(
      function, scale: limits.scale, zeroPoint: limits.zeroPoint, type: .int16)
    // RELU6 keeps the integers as they are, whatever the output's scale.
    let ratio = function == .relu6 ? 1 : Double(from.scale) / Double(to.scale)
    let upper = try multiplier(ratio)
    var (lower, negation) = (upper, SHUNT_NEGATE_NEVER)
    if case .leakyReLU(let alpha) = function {
      lower = try multiplier(Double(from.scale) * Double(abs(alpha)) / Double(to.scale))
      if alpha < 0 { negation = SHUNT_NEGATE_AFTER }
    }
    if function == .absolute { negation = SHUNT_NEGATE_BEFORE }
    return shunt_piecewise_params_t(
      count: UInt32(graph[input].shape.elementCount), input_zero_point: from.zeroPoint,
      output_zero_point: function == .relu6 ? from.zeroPoint : to.zeroPoint,
      multiplier: (upper.mantissa, lower.mantissa), shift: (upper.shift, lower.shift),
      clamp_min: range.lower, clamp_max: range.upper, negation: negation.rawValue)
  }

  private func wideSigmoid(
    _ function: UnaryFunction, _ input: TensorID, _ from: Quantized, _ output: TensorID,
    _ to: Quantized
  ) throws(BlobFormatError) -> LoweredStep {
    guard from.zeroPoint == 0, to.zeroPoint == 0, abs(log2(Double(to.scale)) + 15) < 1e-3 else {
      throw unsupported(
        "in int16 its zero points must be 0 and its output's scale 1/32768, but they are "
          + "\(from.zeroPoint), \(to.zeroPoint) and \(to.scale)",
        remedy: "Quantize it as TFLite's specification for int16 activations says.")
    }
    guard let scaling = SigmoidScaling(scale: from.scale, isTanh: function == .tanh) else {
      throw unsupported(
        "its input's scale \(from.scale) is above \(SigmoidScaling.scaleLimit)",
        remedy: "Quantize its input with a smaller scale.")
    }
    let parameters = shunt_sigmoid_params_t(
      count: UInt32(graph[input].shape.elementCount), table: 0, multiplier: scaling.multiplier,
      shift: scaling.shift, is_tanh: function == .tanh ? 1 : 0, reserved: 0)
    return step(
      .sigmoid16, inputs: [input], output: output,
      parameters: ParameterImage(parameters, holes: [(\.table, .bytes(SigmoidTable.bytes))]),
      inPlaceInputs: overwritable(input))
  }
}

extension FixedPointScale {
  /// A number times this scale, rounded twice as the kernels do.
  func times(_ value: Int32) -> Int32 {
    FixedPoint.scale(value, mantissa: mantissa, shift: shift)
  }
}

/// A sum that saturates.
private func sum(_ a: Int32, _ b: Int32) -> Int32 { Int32(clamping: Int64(a) + Int64(b)) }
