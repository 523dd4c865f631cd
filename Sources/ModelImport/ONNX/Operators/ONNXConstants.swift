// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that make constants, or give their input as it is.
enum ONNXConstants {
  static let entries: [String: ONNXOperators.Entry] = [
    "Constant": .init(
      note: "numbers only", { context throws(ONNXProblem) in [try constant(context)] }),
    "ConstantOfShape": .init({ context throws(ONNXProblem) in [try constantOfShape(context)] }),
    "Range": .init(note: "of constants", { context throws(ONNXProblem) in [try range(context)] }),
    "Identity": .init({ context throws(ONNXProblem) in [try context.input(0)] }),
    "Dropout": .init(
      note: "inference only",
      { context throws(ONNXProblem) in
        try dropout(context)
      }),
  ]

  private static func constant(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let attributes = context.attributes
    if let tensor = try attributes.tensor("value") { return .constant(tensor) }
    if let value = try attributes.float("value_float") {
      return .constant(ONNXConstant(floats: [value], []))
    }
    if let values = try attributes.floats("value_floats") {
      return .constant(ONNXConstant(floats: values, [values.count]))
    }
    if let value = try attributes.integer("value_int") {
      return .constant(ONNXConstant(integers: [value], []))
    }
    if let values = try attributes.integers("value_ints") {
      return .constant(ONNXConstant(integers: values, [values.count]))
    }
    for (name, form) in [
      ("sparse_value", "a sparse tensor"), ("value_string", "text"), ("value_strings", "text"),
    ] where attributes.has(name) {
      throw .unsupported(
        reason: "its value is \(form)", remedy: "export the model with dense tensors of numbers")
    }
    throw .damaged("it has no value")
  }

  private static func constantOfShape(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXValue {
    guard let dimensions = try context.integers(0, "the shape") else {
      throw .damaged("the shape is missing")
    }
    let count = try ONNXDimensions.elementCount(of: dimensions)
    let value = try context.attributes.tensor("value") ?? ONNXConstant(floats: [0], [1])
    guard value.count == 1 else {
      throw .damaged("its value has \(value.count) elements, but must have 1")
    }
    try context.builder.charge(count * value.elementBytes)
    guard let result = value.reshaped(to: [])?.broadcast(to: dimensions) else {
      throw .damaged("its value is quantized")
    }
    return .constant(result)
  }

  private static func range(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    if context.optional(0)?.type == .float32 { return try floatRange(context) }
    let values = try ["the start", "the limit", "the step"].enumerated().map {
      (index, role) throws(ONNXProblem) -> Int in
      guard let list = try context.integers(index, role), list.count == 1 else {
        throw .damaged("\(role) must be one number")
      }
      return list[0]
    }
    let (start, limit, step) = (values[0], values[1], values[2])
    guard step != 0 else { throw .damaged("the step is 0") }
    let (distance, overflow) = limit.subtractingReportingOverflow(start)
    let isEmpty = distance == 0 || (distance > 0) != (step > 0)
    let magnitude = distance.magnitude
    let count = isEmpty ? 0 : (magnitude - 1) / step.magnitude + 1
    guard !overflow, count <= Graph.elementLimit else {
      throw .unsupported(
        reason: "it counts \(start), \(start &+ step), … to \(limit)", remedy: "use fewer numbers")
    }
    try context.builder.charge(8 * Int(count))
    return .constant(
      ONNXConstant(
        integers: (0..<Int(count)).map { start + $0 * step }, [Int(count)],
        type: context.optional(0)?.type ?? .int64))
  }

  private static func floatRange(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let values = try ["the start", "the limit", "the step"].enumerated().map {
      (index, role) throws(ONNXProblem) -> Float in
      guard let value = try context.float(index, role) else {
        throw .damaged("\(role) is missing")
      }
      return value
    }
    let count = ((Double(values[1]) - Double(values[0])) / Double(values[2])).rounded(.up)
    guard count.isFinite, count <= Double(Graph.elementLimit) else {
      throw .damaged("it counts from \(values[0]) to \(values[1]) in steps of \(values[2])")
    }
    let total = max(0, Int(count))
    return try context.floats((0..<total).map { values[0] + Float($0) * values[2] }, [total])
  }

  private static func dropout(_ context: ONNXOperatorContext) throws(ONNXProblem) -> [ONNXValue] {
    // What drops nothing is as in inference.
    if let training = try context.constant(2, "the training mode")?.integers, training != [0],
      try context.float(1, "the ratio") != 0
    {
      throw .unsupported(
        reason: "it is in training mode", remedy: "export the model for inference (model.eval())")
    }
    let input = try context.input(0)
    guard context.isOutputUsed.count > 1, context.isOutputUsed[1] else { return [input] }
    let count = try ONNXDimensions.elementCount(of: input.shape.dimensions)
    try context.builder.charge(count)
    let mask = ONNXConstant(
      .bool, input.shape.dimensions, bytes: [UInt8](repeating: 1, count: count))
    return [input, .constant(mask)]
  }
}
