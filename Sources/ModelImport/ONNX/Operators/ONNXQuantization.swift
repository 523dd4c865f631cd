// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Conversions between reals and quantized integers, and operators on the latter.
///
/// What stands between DequantizeLinear and QuantizeLinear is read as float operators, and so are
/// operators on quantized integers; ``QuantizedOperatorFormation`` makes integer operators of both.
enum ONNXQuantization {
  static let entries: [String: ONNXOperators.Entry] = [
    "QuantizeLinear": quantization,
    "DequantizeLinear": dequantization,
    "com.microsoft.QuantizeLinear": quantization,
    "com.microsoft.DequantizeLinear": dequantization,
    "QLinearConv": .init(
      note: "constant scales",
      { context throws(ONNXProblem) in
        let inputs = [
          try operand(context, 0), try operand(context, 3, axis: 0),
          try bias(context, 8, inputScale: 1, weightScale: 4),
        ]
        return try finished(context, "Conv", inputs, output: 6)
      }),
    "QLinearMatMul": binary("MatMul"),
    "com.microsoft.QGemm": .init(
      note: "constant scales",
      { context throws(ONNXProblem) in
        let axis = try context.attributes.bool("transB") ?? false ? 0 : 1
        let inputs = [
          try operand(context, 0), try operand(context, 3, axis: axis),
          try bias(context, 6, inputScale: 1, weightScale: 4),
        ]
        return try finished(context, "Gemm", inputs, output: 7)
      }),
    "com.microsoft.QLinearAdd": binary("Add"),
    "com.microsoft.QLinearMul": binary("Mul"),
    "com.microsoft.QLinearSigmoid": unary("Sigmoid"),
    "com.microsoft.QLinearLeakyRelu": unary("LeakyRelu"),
    "com.microsoft.QLinearAveragePool": unary("AveragePool"),
    "com.microsoft.QLinearGlobalAveragePool": unary("GlobalAveragePool"),
    "com.microsoft.QLinearSoftmax": unary("Softmax"),
    "com.microsoft.QLinearConcat": .init(
      { context throws(ONNXProblem) in try concatenation(context) }),
  ]

  private static let quantization = ONNXOperators.Entry(
    note: "to int8, uint8, int16 and int32; constant scales; other types and blocks for constants",
    { context throws(ONNXProblem) in
      let input = try context.input(0)
      let operands = try ONNXQuantizationOperands(context, scale: 1, zeroPoint: 2)
      if let constant = input.constant, let known = try operands.integers(of: constant, context) {
        return [.constant(known)]
      }
      return [try context.quantized(input, try operands.quantizing(input, context))]
    })

  private static let dequantization = ONNXOperators.Entry(
    note: "constant scales; blocks for constants",
    { context throws(ONNXProblem) in
      let operands = try ONNXQuantizationOperands(context, scale: 1, zeroPoint: 2)
      return [try context.dequantized(try context.input(0), operands)]
    })

  private static func binary(_ type: String) -> ONNXOperators.Entry {
    .init(
      note: "constant scales",
      { context throws(ONNXProblem) in
        try floatForm(context, type, operands: [0, 3], output: 6)
      })
  }

  private static func unary(_ type: String) -> ONNXOperators.Entry {
    .init(
      note: "constant scales; channels first",
      { context throws(ONNXProblem) in
        guard try context.attributes.integer("channels_last") ?? 0 == 0 else {
          throw .unsupported(
            reason: "its channels are last",
            remedy: "quantize the model in QDQ format (QuantFormat.QDQ)")
        }
        return try floatForm(context, type, operands: [0], output: 3)
      })
  }

  /// Reads an operator on quantized integers as the one on floats between conversions.
  ///
  /// - Parameters:
  ///   - type: The operator on floats.
  ///   - operands: Positions of quantized inputs, each followed by its scale and zero point.
  ///   - output: The position of the result's scale, followed by its zero point.
  private static func floatForm(
    _ context: ONNXOperatorContext, _ type: String, operands: [Int], output: Int
  ) throws(ONNXProblem) -> [ONNXValue] {
    var inputs: [ONNXValue?] = []
    for index in operands { inputs.append(try operand(context, index)) }
    return try finished(context, type, inputs, output: output)
  }

  /// An int32 bias at the product of the input's and the weights' scales, which stand at these
  /// positions; `nil` if it is left out.
  private static func bias(
    _ context: ONNXOperatorContext, _ index: Int, inputScale: Int, weightScale: Int
  ) throws(ONNXProblem) -> ONNXValue? {
    guard let bias = try context.constant(index, "the bias") else { return nil }
    guard bias.type == .int32,
      let input = try context.floats(inputScale, "the input's scale")?.first,
      let weights = try context.floats(weightScale, "the weights' scales"),
      weights.count == 1 || weights.count == bias.dimensions.last
    else { throw .damaged("its bias does not fit, or is not int32") }
    let scales = weights.map { $0 * input }
    try ONNXQuantizationOperands.check(scales)
    return .constant(
      ONNXConstant(
        .int32, bias.dimensions, bytes: bias.bytes,
        quantization: QuantizationParameters(
          scales: scales, zeroPoints: [Int](repeating: 0, count: scales.count),
          axis: scales.count == 1 ? 0 : bias.dimensions.count - 1)))
  }

  /// Scale and zero point of the result; then each input, followed by its scale and zero point.
  private static func concatenation(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [ONNXValue] {
    var inputs: [ONNXValue?] = []
    for index in stride(from: 2, to: context.inputs.count, by: 3) {
      inputs.append(try operand(context, index))
    }
    return try finished(context, "Concat", inputs, output: 0)
  }

  private static func operand(
    _ context: ONNXOperatorContext, _ index: Int, axis: Int = 1
  ) throws(ONNXProblem) -> ONNXValue {
    let operands = try ONNXQuantizationOperands(
      context, scale: index + 1, zeroPoint: index + 2, axis: axis)
    return try context.dequantized(try context.input(index), operands)
  }

  private static func finished(
    _ context: ONNXOperatorContext, _ type: String, _ inputs: [ONNXValue?], output: Int
  ) throws(ONNXProblem) -> [ONNXValue] {
    let parameters = try ONNXQuantizationOperands(context, scale: output, zeroPoint: output + 1)
    guard let entry = ONNXOperators.entry(of: type) else {
      throw .unsupported(
        reason: "\(type) is not supported", remedy: "express it with supported operators")
    }
    let floats = ONNXOperatorContext(
      type: type, version: context.builder.version, attributes: context.attributes, inputs: inputs,
      isOutputUsed: context.isOutputUsed, builder: context.builder)
    guard let result = try entry.reading(floats).first else {
      throw .damaged("it has no output")
    }
    return [try context.quantized(result, try parameters.quantizing(result, context))]
  }
}

extension ONNXOperatorContext {
  /// Reals as integers.
  func quantized(
    _ value: ONNXValue, _ format: (type: ElementType, parameters: QuantizationParameters)
  ) throws(ONNXProblem) -> ONNXValue {
    guard value.type == .float32 else {
      throw .unsupported(
        reason: "it quantizes \(value.type.rawValue)", remedy: "quantize floats")
    }
    if let constant = value.constant, let floats = constant.floats {
      try builder.charge(8 * floats.count)
      return .constant(
        ONNXConstant(
          integers: format.parameters.quantize(floats, constant.dimensions, format.type),
          constant.dimensions, type: format.type))
    }
    return try builder.append(
      .quantize, [value], type: format.type, quantization: format.parameters)
  }

  /// The reals that integers stand for.
  func dequantized(
    _ value: ONNXValue, _ operands: ONNXQuantizationOperands
  ) throws(ONNXProblem) -> ONNXValue {
    if let constant = value.constant, let reals = try operands.reals(of: constant, self) {
      return .constant(reals)
    }
    return try dequantized(value, try operands.parameters(of: value, self))
  }

  /// The reals that integers stand for.
  func dequantized(
    _ value: ONNXValue, _ parameters: QuantizationParameters
  ) throws(ONNXProblem) -> ONNXValue {
    guard let constant = value.constant else {
      return try builder.append(
        .dequantize, [try builder.quantized(value, parameters)], type: .float32)
    }
    return .constant(
      ONNXConstant(
        constant.elementType, constant.dimensions, bytes: constant.bytes,
        quantization: parameters))
  }
}

extension QuantizationParameters {
  /// The nearest integers, the even one of two, limited to the type's range.
  fileprivate func quantize(
    _ reals: [Float], _ dimensions: [Int], _ type: ElementType
  ) -> [Int] {
    let range = type.quantizedRange ?? 0...0
    let inner = isPerTensor ? 1 : dimensions[(axis + 1)...].reduce(1, *)
    return reals.enumerated().map { position, real in
      let channel = isPerTensor ? 0 : position / inner % scales.count
      let scaled = (real / scales[channel]).rounded(.toNearestOrEven)
      let limited = min(max(Double(scaled), -4_294_967_296), 4_294_967_296)
      let value = (limited.isNaN ? 0 : Int(limited)) + zeroPoints[channel]
      return min(max(value, range.lowerBound), range.upperBound)
    }
  }
}
