// SPDX-License-Identifier: Apache-2.0

/// Models of quantized networks.
extension ONNXSamples {
  static var quantized: [String: [UInt8]] {
    var result = [
      "QDQ": convolution(zeroPoint: integer(2, 128)),
      "QDQ int8": convolution(zeroPoint: integer(3, -3)),
      "QLinearConv": integers(
        "QLinearConv", [1, 2, 3, 3], weights: int8([2, 2, 1, 1]),
        bias: ONNXTensor([2], type: 6, raw: [1, 0, 0, 0, 255, 255, 255, 255])),
      "QLinearMatMul": integers("QLinearMatMul", [2, 3], weights: int8([3, 2])),
      "QGemm": gemm,
      "int16": conversions(domain: "com.microsoft"),
      "QLinearConcat": concatenation,
    ]
    for type in ["QLinearAdd", "QLinearMul"] {
      result[type] = integers(type, [2, 3], weights: uint8([3]), domain: "com.microsoft")
    }
    for type in ["QLinearSigmoid", "QLinearLeakyRelu", "QLinearSoftmax"] {
      result[type] = integers(type, [2, 3], domain: "com.microsoft")
    }
    result["QLinearAveragePool"] = integers(
      "QLinearAveragePool", [1, 2, 4, 4], domain: "com.microsoft",
      attributes: ["kernel_shape": .integers([2, 2])])
    result["QLinearGlobalAveragePool"] = integers(
      "QLinearGlobalAveragePool", [1, 2, 4, 4], domain: "com.microsoft")
    return result
  }

  /// A convolution between conversions, with one scale for each filter.
  private static func convolution(zeroPoint: ONNXTensor) -> [UInt8] {
    var model = ONNXBuilder()
    model.input("x", [1, 2, 4, 4])
    model.initializer("s", .floats([0.02], []))
    model.initializer("z", zeroPoint)
    model.initializer("w", int8([2, 2, 3, 3]))
    model.initializer("ws", .floats([0.01, 0.003], [2]))
    model.initializer("b", ONNXTensor([2], type: 6, raw: [9, 0, 0, 0, 1, 1, 0, 0]))
    model.initializer("bs", .floats([0.0002, 0.00006], [2]))
    model.node("QuantizeLinear", ["x", "s", "z"], ["xq"])
    model.node("DequantizeLinear", ["xq", "s", "z"], ["xd"])
    model.node("DequantizeLinear", ["w", "ws"], ["wd"], ["axis": .integer(0)])
    model.node("DequantizeLinear", ["b", "bs"], ["bd"], ["axis": .integer(0)])
    model.node("Conv", ["xd", "wd", "bd"], ["c"], ["pads": .integers([1, 1, 1, 1])])
    model.node("Relu", ["c"], ["r"])
    model.node("QuantizeLinear", ["r", "s", "z"], ["rq"])
    model.node("MaxPool", ["rq"], ["p"], ["kernel_shape": .integers([2, 2])])
    model.node("DequantizeLinear", ["p", "s", "z"], ["y"])
    model.output("y")
    return model.bytes
  }

  /// An operator on quantized integers, between conversions.
  private static func integers(
    _ type: String, _ shape: [Int], weights: ONNXTensor? = nil, bias: ONNXTensor? = nil,
    domain: String = "", attributes: KeyValuePairs<String, ONNXBuilder.Attribute> = [:]
  ) -> [UInt8] {
    var (model, operand) = quantizedInput(shape, domain: domain)
    var inputs = operand
    if let weights {
      model.initializer("w", weights)
      model.initializer("wz", ONNXTensor([], type: weights.type, raw: [0]))
      inputs += ["w", "s", "wz"]
    }
    inputs += ["s", "z"]
    if let bias {
      model.initializer("b", bias)
      inputs.append("b")
    }
    model.node(type, inputs, ["q"], attributes, domain: domain)
    return finished(&model)
  }

  private static var gemm: [UInt8] {
    var (model, operand) = quantizedInput([2, 3], domain: "com.microsoft")
    model.initializer("w", int8([4, 3]))
    model.initializer("wz", integer(3, 0))
    model.initializer("b", ONNXTensor([4], type: 6, raw: [UInt8](repeating: 0, count: 16)))
    model.node(
      "QGemm", operand + ["w", "s", "wz", "b", "s", "z"], ["q"], ["transB": .integer(1)],
      domain: "com.microsoft")
    return finished(&model)
  }

  private static var concatenation: [UInt8] {
    var (model, operand) = quantizedInput([2, 3], domain: "com.microsoft")
    model.node(
      "QLinearConcat", ["s", "z"] + operand + operand, ["q"], ["axis": .integer(1)],
      domain: "com.microsoft")
    return finished(&model)
  }

  private static func conversions(domain: String) -> [UInt8] {
    var model = ONNXBuilder()
    model.versions[domain] = 1
    model.input("x", [2, 3])
    model.initializer("s", .floats([0.001], []))
    model.initializer("z", ONNXTensor([], type: 5, raw: [0, 0]))
    model.node("QuantizeLinear", ["x", "s", "z"], ["q"], domain: domain)
    model.node("DequantizeLinear", ["q", "s", "z"], ["d"], domain: domain)
    model.node("Relu", ["d"], ["r"])
    model.node("QuantizeLinear", ["r", "s", "z"], ["e"], domain: domain)
    model.node("DequantizeLinear", ["e", "s", "z"], ["y"], domain: domain)
    model.output("y")
    return model.bytes
  }

  private static func quantizedInput(
    _ shape: [Int], domain: String
  ) -> (model: ONNXBuilder, operand: [String]) {
    var model = ONNXBuilder()
    if !domain.isEmpty { model.versions[domain] = 1 }
    model.input("x", shape)
    model.initializer("s", .floats([0.02], []))
    model.initializer("z", integer(2, 100))
    model.node("QuantizeLinear", ["x", "s", "z"], ["xq"])
    return (model, ["xq", "s", "z"])
  }

  private static func finished(_ model: inout ONNXBuilder) -> [UInt8] {
    model.node("DequantizeLinear", ["q", "s", "z"], ["y"])
    model.output("y")
    return model.bytes
  }

  private static func integer(_ type: Int, _ value: Int) -> ONNXTensor {
    ONNXTensor([], type: type, raw: [UInt8(truncatingIfNeeded: value)])
  }

  private static func int8(_ dimensions: [Int]) -> ONNXTensor {
    let count = dimensions.reduce(1, *)
    return ONNXTensor(
      dimensions, type: 3, raw: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 - 90) })
  }

  private static func uint8(_ dimensions: [Int]) -> ONNXTensor {
    var tensor = int8(dimensions)
    tensor.type = 2
    return tensor
  }

  /// Weights of types that only constants have, and with scales for blocks.
  static var narrow: [String: [UInt8]] {
    [
      "blocks": product(
        ONNXTensor([2, 4], type: 21, raw: [0x10, 0x32, 0x54, 0xF6]),
        .floats([1, 2, 0.5, 4], [2, 2]),
        zeroPoint: ONNXTensor([2, 2], type: 21, raw: [0x21, 0x43]),
        ["axis": .integer(1), "block_size": .integer(2)]),
      "int2": product(
        ONNXTensor([2, 4], type: 26, raw: [0b11_10_01_00, 0b00_01_10_11]), .floats([0.5], [])),
      "float8": product(
        ONNXTensor([2, 4], type: 17, raw: [0x38, 0xB8, 0x40, 0, 0x30, 0x7E, 0x01, 0xC4]),
        .floats([0.5], [])),
      "uint16": product(
        ONNXTensor([1, 2], type: 4, raw: [0x10, 0x27, 0xFF, 0xFF]), .floats([0.001], []),
        zeroPoint: ONNXTensor([], type: 4, raw: [0x00, 0x80])),
      "weights quantized in the model": quantizedWeights,
    ]
  }

  /// x plus constants that are dequantized.
  public static func product(
    _ weights: ONNXTensor, _ scale: ONNXTensor, zeroPoint: ONNXTensor? = nil,
    _ attributes: KeyValuePairs<String, ONNXBuilder.Attribute> = [:]
  ) -> [UInt8] {
    var model = ONNXBuilder(version: 25)
    model.input("x", weights.dimensions)
    model.initializer("w", weights)
    model.initializer("s", scale)
    if let zeroPoint { model.initializer("z", zeroPoint) }
    model.node(
      "DequantizeLinear", zeroPoint == nil ? ["w", "s"] : ["w", "s", "z"], ["d"], attributes)
    model.node("Add", ["x", "d"], ["y"])
    model.output("y")
    return model.bytes
  }

  /// x plus floats that the model quantizes to int4 and back, as after training with quantization.
  private static var quantizedWeights: [UInt8] {
    var model = ONNXBuilder(version: 21)
    model.input("x", [2, 4])
    model.initializer(
      "w", .floats([-9, -1, -0.25, 0.25, 0.75, 1, 3, 9], [2, 4]))
    model.initializer("s", .floats([0.5, 0.25], [2, 1]))
    model.node(
      "QuantizeLinear", ["w", "s"], ["q"],
      ["axis": .integer(1), "block_size": .integer(4), "output_dtype": .integer(22)])
    model.node(
      "DequantizeLinear", ["q", "s"], ["d"], ["axis": .integer(1), "block_size": .integer(4)])
    model.node("Add", ["x", "d"], ["y"])
    model.output("y")
    return model.bytes
  }
}
