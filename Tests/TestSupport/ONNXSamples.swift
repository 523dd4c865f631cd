// SPDX-License-Identifier: Apache-2.0

/// Small legal models, which together have every operator that is read: seeds of fuzzing and of damage.
public enum ONNXSamples {
  /// All of them, by name.
  public static var all: [String: [UInt8]] {
    var result = networks
    for group in [
      functions, pairs, windows, shapes, reductions, normalizations, movement, resizing, logic,
      quantized, narrow,
    ] {
      result.merge(group) { first, _ in first }
    }
    return result
  }

  /// A model of one operator whose first input is `x`; the others are initializers.
  public static func model(
    _ type: String, _ shape: [Int], _ others: [ONNXTensor] = [],
    _ attributes: KeyValuePairs<String, ONNXBuilder.Attribute> = [:], version: Int = 17,
    domain: String = ""
  ) -> [UInt8] {
    var model = ONNXBuilder(version: version)
    if !domain.isEmpty { model.versions[domain] = 1 }
    model.input("x", shape)
    let names = others.indices.map { "c\($0)" }
    for (name, tensor) in zip(names, others) { model.initializer(name, tensor) }
    model.node(type, ["x"] + names, ["y"], attributes, domain: domain)
    model.output("y")
    return model.bytes
  }

  /// Numbers for tensors of `dimensions`.
  public static func weights(_ dimensions: [Int]) -> ONNXTensor {
    let count = dimensions.reduce(1, *)
    return .floats((0..<count).map { Float($0 * 7 % 11 - 5) / 8 }, dimensions)
  }

  private static var functions: [String: [UInt8]] {
    let types = [
      "Sqrt", "Abs", "Neg", "Exp", "Log", "Floor", "Ceil", "Round", "Sin", "Cos", "Sigmoid", "Tanh",
      "Reciprocal", "Sign", "Relu", "LeakyRelu", "HardSwish", "HardSigmoid", "Elu", "Selu", "Celu",
      "Gelu", "Softplus", "Softsign", "ThresholdedRelu", "Mish", "Swish", "Softmax", "LogSoftmax",
      "Identity", "Dropout",
    ]
    var result = Dictionary(
      uniqueKeysWithValues: types.map { ($0, model($0, [2, 3], version: 24)) })
    result["Clip"] = model("Clip", [2, 3], [.floats([0], []), .floats([4], [])])
    result["PRelu"] = model("PRelu", [1, 2, 2, 2], [weights([2, 1, 1])])
    result["softmax of dimensions"] = model(
      "Softmax", [2, 3, 2], [], ["axis": .integer(1)], version: 11)
    result["softmax of dimension"] = model("Softmax", [2, 3, 2], [], ["axis": .integer(1)])
    result["gelu"] = model("Gelu", [2, 3], domain: "com.microsoft")
    result["cast"] = model("Cast", [2, 3], [], ["to": .integer(6)])
    result["CastLike"] = model("CastLike", [2, 3], [weights([2])])
    return result
  }

  private static var pairs: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for type in ["Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean"] {
      result[type] = model(type, [2, 3], [weights([3])])
    }
    result["Pow"] = model("Pow", [2, 3], [.floats([3], [])])
    result["add at a dimension"] = model(
      "Add", [2, 3, 2], [weights([3])], ["axis": .integer(1), "broadcast": .integer(1)], version: 6)
    result["Gemm"] = model(
      "Gemm", [3, 2], [weights([3, 4]), weights([4])],
      ["alpha": .float(0.5), "beta": .float(2), "transA": .integer(1)])
    result["MatMul"] = model("MatMul", [2, 3], [weights([3, 4])])
    result["matrices"] = model("MatMul", [2, 3], [weights([2, 3, 4])])
    return result
  }

  private static var windows: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    result["Conv"] = model(
      "Conv", [1, 2, 5, 5], [weights([4, 2, 3, 3]), weights([4])],
      ["pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2])])
    result["depthwise"] = model(
      "Conv", [1, 2, 5, 5], [weights([4, 1, 3, 3])],
      ["group": .integer(2), "auto_pad": .string("SAME_LOWER"), "dilations": .integers([2, 1])])
    result["row"] = model(
      "Conv", [1, 4, 9], [weights([2, 2, 3])], ["group": .integer(2), "pads": .integers([2, 0])])
    result["ConvTranspose"] = model(
      "ConvTranspose", [1, 2, 3, 3], [weights([2, 2, 3, 3]), weights([4])],
      [
        "group": .integer(2), "strides": .integers([2, 2]), "dilations": .integers([1, 2]),
        "output_padding": .integers([1, 0]),
      ])
    result["enlarged"] = model(
      "ConvTranspose", [1, 1, 3, 3], [weights([1, 2, 3, 3])],
      ["output_shape": .integers([10, 8]), "strides": .integers([3, 2])])
    result["BatchNormalization"] = model(
      "BatchNormalization", [1, 2, 2, 2],
      [weights([2]), weights([2]), weights([2]), .floats([1, 2], [2])])
    result["MaxPool"] = model(
      "MaxPool", [1, 2, 6, 6], [],
      ["kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "ceil_mode": .integer(1)])
    result["dilated MaxPool"] = model(
      "MaxPool", [1, 2, 6, 6], [],
      [
        "kernel_shape": .integers([3, 2]), "dilations": .integers([2, 1]),
        "pads": .integers([1, 0, 1, 0]),
      ])
    result["AveragePool"] = model(
      "AveragePool", [1, 2, 6, 6], [],
      [
        "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]),
        "count_include_pad": .integer(1),
      ])
    result["dilated AveragePool"] = model(
      "AveragePool", [1, 2, 9], [],
      ["kernel_shape": .integers([3]), "dilations": .integers([2]), "pads": .integers([2, 2])],
      version: 19)
    result["depth"] = model(
      "Conv", [1, 2, 3, 4, 4], [weights([2, 1, 2, 3, 3]), weights([2])],
      [
        "group": .integer(2), "pads": .integers([1, 1, 1, 0, 1, 1]),
        "strides": .integers([2, 1, 1]),
      ])
    result["depth of a pool"] = model(
      "AveragePool", [1, 2, 3, 4, 4], [],
      ["kernel_shape": .integers([2, 2, 2]), "pads": .integers([1, 0, 0, 0, 0, 1])])
    result["GlobalAveragePool"] = model("GlobalAveragePool", [1, 2, 3, 3])
    result["GlobalMaxPool"] = model("GlobalMaxPool", [1, 2, 3, 3])
    return result
  }

  private static var shapes: [String: [UInt8]] {
    [
      "Flatten": model("Flatten", [2, 3, 2], [], ["axis": .integer(-1)]),
      "Reshape": model("Reshape", [2, 3, 2], [list([0, -1])]),
      "Squeeze": model("Squeeze", [1, 3, 1], [list([0])]),
      "Unsqueeze": model("Unsqueeze", [3], [list([0, -1])]),
      "unsqueeze by attribute": model("Unsqueeze", [3], [], ["axes": .integers([0])], version: 11),
      "Transpose": model("Transpose", [2, 3, 4], [], ["perm": .integers([2, 0, 1])]),
    ]
  }

  private static var reductions: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for type in [
      "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2",
      "ReduceSumSquare", "ReduceLogSum",
    ] {
      result[type] = model(type, [2, 3, 2], [list([1])], ["keepdims": .integer(0)], version: 18)
    }
    return result
  }

  private static var normalizations: [String: [UInt8]] {
    [
      "LayerNormalization": model("LayerNormalization", [2, 4], [weights([4]), weights([4])]),
      "RMSNormalization": model("RMSNormalization", [2, 4], [weights([4])], version: 23),
      "InstanceNormalization": model(
        "InstanceNormalization", [1, 2, 3, 3], [weights([2]), weights([2])]),
      "GroupNormalization": model(
        "GroupNormalization", [1, 4, 3], [weights([4]), weights([4])],
        ["num_groups": .integer(2)], version: 21),
      "MeanVarianceNormalization": model("MeanVarianceNormalization", [1, 2, 3, 3]),
      "LpNormalization": model("LpNormalization", [2, 4], [], ["p": .integer(1)]),
    ]
  }

  private static var networks: [String: [UInt8]] {
    ["network": network.bytes, "arithmetic on shapes": shapeArithmetic.bytes]
  }

  /// A convolutional network with a batch that is not fixed.
  public static var network: ONNXBuilder {
    var model = ONNXBuilder()
    model.input("x", [.symbol("N"), .size(2), .size(6), .size(6)])
    model.weights("w", [4, 2, 3, 3])
    model.weights("b", [4])
    model.node("Conv", ["x", "w", "b"], ["c"], ["pads": .integers([1, 1, 1, 1])], name: "first")
    model.node("Relu", ["c"], ["r"])
    model.node("GlobalAveragePool", ["r"], ["g"])
    model.node("Flatten", ["g"], ["f"])
    model.weights("v", [4, 3])
    model.node("Gemm", ["f", "v"], ["l"])
    model.node("Softmax", ["l"], ["y"])
    model.output("y")
    return model
  }

  /// A reshape whose shape is worked out from the input's, as PyTorch exports `view`.
  public static var shapeArithmetic: ONNXBuilder {
    var model = ONNXBuilder()
    model.input("x", [.symbol("N"), .size(2), .size(3)])
    model.node("Shape", ["x"], ["s"], ["start": .integer(1)])
    model.node("ReduceProd", ["s"], ["p"], ["keepdims": .integer(1)])
    model.node("Constant", [], ["two"], ["value_ints": .integers([2])])
    model.node("Mul", ["p", "two"], ["m"])
    model.node("Div", ["m", "two"], ["d"])
    model.node("Mod", ["d", "two"], ["z"])
    model.node("Size", ["x"], ["n"])
    model.node("Range", ["z0", "n", "one"], ["q"])
    model.node("Squeeze", ["z"], ["z0"])
    model.node("Constant", [], ["one"], ["value": .tensor(.integers([1], []))])
    model.node("ConstantOfShape", ["d"], ["zeros"])
    model.node("Reshape", ["x", "d"], ["r"])
    model.node("Add", ["r", "zeros"], ["y"])
    model.node("Cast", ["q"], ["unused"], ["to": .integer(1)])
    model.output("y")
    return model
  }
}
