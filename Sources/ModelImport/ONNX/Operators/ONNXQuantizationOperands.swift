// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The scales and zero points that a node states for one of its tensors.
struct ONNXQuantizationOperands {
  private let scales: [Float]
  private let zeroPoints: [Int]?
  private let zeroPointType: ElementType?
  private let axis: Int

  /// Reads a node's inputs at these positions.
  ///
  /// - Parameter axis: The dimension along which several scales run, unless the node says.
  init(
    _ context: ONNXOperatorContext, scale: Int, zeroPoint: Int, axis: Int = 1
  ) throws(ONNXProblem) {
    guard let stated = try context.constant(scale, "the scale"), let scales = stated.floats else {
      throw .damaged("the scale is missing or no float")
    }
    guard stated.dimensions.count <= 1, !scales.isEmpty,
      try context.attributes.integer("block_size") ?? 0 == 0
    else {
      throw .unsupported(
        reason: "its scales are \(stated.dimensions): they stand for blocks",
        remedy: "quantize with one scale for the tensor, or one for each channel")
    }
    try Self.check(scales)
    let zeroPoints = try context.constant(zeroPoint, "the zero point")
    self.scales = scales
    self.zeroPoints = zeroPoints?.integers
    zeroPointType = zeroPoints?.type
    self.axis = try context.attributes.integer("axis") ?? axis
    if let zeroPoints {
      guard let integers = zeroPoints.integers, integers.count == scales.count else {
        throw .damaged(
          "it has \(scales.count) scales, but zero points \(zeroPoints.type.rawValue) "
            + "\(zeroPoints.dimensions)")
      }
    }
  }

  /// Requires scales to be numbers above 0.
  static func check(_ scales: [Float]) throws(ONNXProblem) {
    if let scale = scales.first(where: { !($0.isFinite && $0 > 0) }) {
      throw .unsupported(
        reason: "a scale is \(scale), but must be positive and finite",
        remedy: "quantize the model again, with calibration data that reach every layer")
    }
  }

  /// The parameters of a tensor that is dequantized.
  func parameters(
    of value: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> QuantizationParameters {
    let types: [ElementType] = [.int4, .int8, .uint8, .int16, .int32]
    guard types.contains(value.type) else {
      throw .unsupported(
        reason: "it dequantizes \(value.type.rawValue)",
        remedy: "quantize the model to int8 or int16")
    }
    if let zeroPointType, zeroPointType != value.type {
      throw .damaged(
        "its input is \(value.type.rawValue), but its zero point \(zeroPointType.rawValue)")
    }
    return try parameters(of: value.shape, context)
  }

  /// The parameters of the result of quantizing, and its type.
  func quantizing(
    _ value: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (type: ElementType, parameters: QuantizationParameters) {
    var type = zeroPointType ?? .uint8
    if zeroPointType == nil, let code = try context.attributes.integer("output_dtype"), code != 0 {
      type = try ONNXElementTypes.elementType(of: code)
    }
    let types: [ElementType] = [.int8, .uint8, .int16, .int32]
    guard types.contains(type) else {
      throw .unsupported(
        reason: "it quantizes to \(type.rawValue)", remedy: "quantize the model to int8 or int16")
    }
    return (type, try parameters(of: value.shape, context))
  }

  private func parameters(
    of shape: Shape, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> QuantizationParameters {
    let zeroPoints = zeroPoints ?? [Int](repeating: 0, count: scales.count)
    guard scales.count > 1 else {
      return QuantizationParameters(scale: scales[0], zeroPoint: zeroPoints[0])
    }
    let axis = try context.axis(axis, rank: shape.rank)
    guard shape[axis] == scales.count else {
      throw .damaged("it has \(scales.count) scales along dimension \(axis) of \(shape)")
    }
    return QuantizationParameters(scales: scales, zeroPoints: zeroPoints, axis: axis)
  }
}
