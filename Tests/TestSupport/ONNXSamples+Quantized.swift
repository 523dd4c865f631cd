// SPDX-License-Identifier: Apache-2.0

/// Samples with quantized tensors.
extension ONNXSamples {
  private static func bytes(_ values: [Int8], _ dimensions: [Int]) -> ONNXTensor {
    ONNXTensor(dimensions, type: 3, raw: values.map { UInt8(bitPattern: $0) })
  }

  private static func scale(_ value: Float) -> ONNXTensor { .floats([value], []) }
  private static var zero: ONNXTensor { bytes([0], []) }

  static var quantized: [String: [UInt8]] {
    var result = ["QDQ": convolution.bytes]
    let sources: [(String, [ONNXTensor], KeyValuePairs<String, ONNXBuilder.Attribute>)] = [
      ("QLinearAdd", [bytes([1, 2], [2]), scale(0.25), zero, scale(0.5), zero], [:]),
      ("QLinearMul", [bytes([1, 2], [2]), scale(0.25), zero, scale(0.5), zero], [:]),
      ("QLinearSigmoid", [scale(1 / 256), bytes([-128], [])], [:]),
      ("QLinearLeakyRelu", [scale(0.5), zero], ["alpha": .float(0.1)]),
      ("QLinearSoftmax", [scale(1 / 256), bytes([-128], [])], ["opset": .integer(13)]),
    ]
    for (type, operands, attributes) in sources {
      result[type] = network(type, [1, 2], operands, attributes, domain: "com.microsoft")
    }
    result["QLinearAveragePool"] = network(
      "QLinearAveragePool", [1, 2, 4, 4], [scale(0.5), zero],
      ["kernel_shape": .integers([2, 2])], domain: "com.microsoft")
    result["QLinearGlobalAveragePool"] = network(
      "QLinearGlobalAveragePool", [1, 2, 4, 4], [scale(0.5), zero], domain: "com.microsoft")
    result["QLinearConv"] = network(
      "QLinearConv", [1, 2, 4, 4],
      [
        bytes([1, -2, 3, 4], [2, 2, 1, 1]), .floats([0.5, 0.25], [2]), bytes([0, 0], [2]),
        scale(0.5), zero,
      ])
    result["QLinearMatMul"] = network(
      "QLinearMatMul", [2, 2], [bytes([1, -2, 3, 4], [2, 2]), scale(0.5), zero, scale(0.5), zero])
    result["QGemm"] = network(
      "QGemm", [1, 2],
      [
        bytes([1, -2, 3, 4], [2, 2]), scale(0.5), zero,
        ONNXTensor([2], type: 6, raw: [1, 0, 0, 0, 2, 0, 0, 0]), scale(0.5), zero,
      ], domain: "com.microsoft")
    result["QLinearConcat"] = concatenation
    result["conversions"] = conversions
    return result
  }

  /// An operator on integers behind QuantizeLinear and in front of DequantizeLinear. Its first inputs
  /// are the quantized tensor, its scale and its zero point.
  private static func network(
    _ type: String, _ shape: [Int], _ others: [ONNXTensor],
    _ attributes: KeyValuePairs<String, ONNXBuilder.Attribute> = [:], domain: String = ""
  ) -> [UInt8] {
    var model = ONNXBuilder()
    if !domain.isEmpty { model.versions[domain] = 1 }
    model.input("x", shape)
    model.initializer("s", scale(0.5))
    model.initializer("z", zero)
    model.node("QuantizeLinear", ["x", "s", "z"], ["q"])
    let names = others.indices.map { "c\($0)" }
    for (name, tensor) in zip(names, others) { model.initializer(name, tensor) }
    model.node(type, ["q", "s", "z"] + names, ["r"], attributes, domain: domain)
    let last = Array(names.suffix(2))
    model.node("DequantizeLinear", ["r"] + last, ["y"])
    model.output("y")
    return model.bytes
  }

  private static var conversions: [UInt8] {
    var model = ONNXBuilder()
    model.versions["com.microsoft"] = 1
    model.input("x", [1, 2])
    model.initializer("s", scale(0.5))
    model.initializer("z", zero)
    model.node("QuantizeLinear", ["x", "s", "z"], ["q"], domain: "com.microsoft")
    model.node("DequantizeLinear", ["q", "s", "z"], ["y"], domain: "com.microsoft")
    model.output("y")
    return model.bytes
  }

  private static var concatenation: [UInt8] {
    var model = ONNXBuilder()
    model.versions["com.microsoft"] = 1
    model.input("x", [1, 2])
    model.initializer("s", scale(0.5))
    model.initializer("z", zero)
    model.node("QuantizeLinear", ["x", "s", "z"], ["q"])
    model.node(
      "QLinearConcat", ["s", "z", "q", "s", "z", "q", "s", "z"], ["r"], ["axis": .integer(1)],
      domain: "com.microsoft")
    model.node("DequantizeLinear", ["r", "s", "z"], ["y"])
    model.output("y")
    return model.bytes
  }

  /// A convolution between conversions, as PyTorch and ONNX Runtime write it.
  private static var convolution: ONNXBuilder {
    var model = ONNXBuilder()
    model.input("x", [1, 2, 4, 4])
    model.initializer("s", scale(0.5))
    model.initializer("z", zero)
    model.initializer("w", bytes([1, -2, 3, 4], [2, 2, 1, 1]))
    model.initializer("ws", .floats([0.5, 0.25], [2]))
    model.initializer("wz", bytes([0, 0], [2]))
    model.node("QuantizeLinear", ["x", "s", "z"], ["q"])
    model.node("DequantizeLinear", ["q", "s", "z"], ["d"])
    model.node("DequantizeLinear", ["w", "ws", "wz"], ["v"], ["axis": .integer(0)])
    model.node("Conv", ["d", "v"], ["c"])
    model.node("QuantizeLinear", ["c", "s", "z"], ["r"])
    model.node("DequantizeLinear", ["r", "s", "z"], ["y"])
    model.output("y")
    return model
  }
}
