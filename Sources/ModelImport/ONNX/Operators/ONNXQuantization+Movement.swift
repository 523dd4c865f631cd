// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that ONNX lets work on quantized integers as they are.
extension ONNXQuantization {
  /// Reads a node. What only moves elements, or takes the largest, works on reals between conversions
  /// where it is given quantized integers, so that these keep their meaning;
  /// ``QuantizedOperatorFormation`` takes the conversions away again.
  static func results(
    of entry: ONNXOperators.Entry, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [ONNXValue] {
    guard moving.contains(context.type),
      let format = context.inputs.lazy.compactMap({ context.builder.quantization(of: $0) }).first
    else { return try entry.reading(context) }
    var inputs: [ONNXValue?] = []
    for (index, input) in context.inputs.enumerated() {
      let isData = index == 0 || context.type == "Concat" || (context.type == "Pad" && index == 2)
      inputs.append(
        try isData
          ? input.map { value throws(ONNXProblem) in
            try real(value, format, context)
          } : input)
    }
    let results = try entry.reading(context.replacing(inputs: inputs))
    return try results.map { result throws(ONNXProblem) in
      try context.quantized(result, format)
    }
  }

  /// The reals that integers stand for; those of constants in the format of the others.
  private static func real(
    _ value: ONNXValue, _ format: (type: ElementType, parameters: QuantizationParameters),
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard value.type == format.type else { return value }
    let parameters = context.builder.quantization(of: value)?.parameters ?? format.parameters
    return try context.dequantized(value, parameters)
  }

  private static let moving: Set<String> = [
    "Concat", "DepthToSpace", "Expand", "Flatten", "Gather", "MaxPool", "Pad", "Reshape", "Resize",
    "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze",
  ]
}

extension ONNXGraphBuilder {
  /// How a tensor's integers stand for reals, if that has been said already, with one scale.
  func quantization(
    of value: ONNXValue?
  ) -> (type: ElementType, parameters: QuantizationParameters)? {
    guard case .tensor(let id, let type, _)? = value,
      let parameters = graph[id].quantization, parameters.isPerTensor
    else { return nil }
    return (type, parameters)
  }
}
