// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The scales and zero points that a node states for one of its tensors.
struct ONNXQuantizationOperands {
  private let scales: [Float]
  private let zeroPoints: [Int]?
  private let zeroPointType: ElementType?
  /// The type of integers in the file, where the zero point or the node says one that tensors of a
  /// graph cannot have.
  private let narrowType: Int?
  private let axis: Int
  private let blocks: ONNXScaleBlocks?

  /// Reads a node's inputs at these positions.
  ///
  /// - Parameter axis: The dimension along which several scales run, unless the node says.
  init(
    _ context: ONNXOperatorContext, scale: Int, zeroPoint: Int, axis: Int = 1
  ) throws(ONNXProblem) {
    guard let stated = try context.constant(scale, "the scale"), let scales = stated.floats else {
      throw .damaged("the scale is missing or no float")
    }
    guard !scales.isEmpty else { throw .damaged("the scale has no elements") }
    try Self.check(scales)
    let zeroPoints = try context.constant(zeroPoint, "the zero point")
    self.scales = scales
    self.axis = try context.attributes.integer("axis") ?? axis
    blocks = try ONNXScaleBlocks(context, stated.dimensions, axis: self.axis)
    // The zero point of floats is 0.
    self.zeroPoints = zeroPoints?.integers ?? zeroPoints?.floats.map { $0.map { _ in 0 } }
    zeroPointType = zeroPoints?.type
    narrowType = zeroPoints?.fileType
    if let zeroPoints {
      guard self.zeroPoints?.count == scales.count else {
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

  // MARK: Dequantizing

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
    try requireWhole("activations")
    return try parameters(of: value.shape, context)
  }

  /// The reals behind a constant whose integers no tensor can have, or that has scales for blocks;
  /// `nil` for every other one.
  func reals(
    of constant: ONNXConstant, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXConstant? {
    let isWide = constant.fileType.map { ONNXElementTypes.isWide($0) } ?? false
    guard blocks != nil || isWide else { return nil }
    let values: [Float]
    if let floats = constant.floats {
      values = floats
    } else if let integers = constant.integers {
      values = integers.map { Float($0) }
    } else {
      throw .damaged("it dequantizes \(constant.type.rawValue)")
    }
    try context.builder.charge(4 * values.count)
    let places = try places(of: constant.dimensions, context)
    let zeroPoints = (zeroPoints ?? scales.map { _ in 0 }).map { Float($0) }
    return ONNXConstant(
      floats: zip(values, places).map { ($0 - zeroPoints[$1]) * scales[$1] },
      constant.dimensions)
  }

  // MARK: Quantizing

  /// The parameters of the result of quantizing, and its type.
  func quantizing(
    _ value: ONNXValue, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (type: ElementType, parameters: QuantizationParameters) {
    let code = try typeCode(context)
    let type = try code.map { code throws(ONNXProblem) in
      try ONNXElementTypes.elementType(of: code)
    }
    let types: [ElementType] = [.int8, .uint8, .int16, .int32]
    guard narrowType == nil, types.contains(type ?? zeroPointType ?? .uint8) else {
      let name =
        narrowType.map { ONNXElementTypes.name(of: $0) } ?? zeroPointType?.rawValue ?? "this type"
      throw .unsupported(
        reason: "it quantizes activations to \(name)",
        remedy: "quantize the model to int8 or int16; weights may have fewer bits")
    }
    try requireWhole("activations")
    return (type ?? zeroPointType ?? .uint8, try parameters(of: value.shape, context))
  }

  /// Floats that are known, as integers of any type, for blocks too; `nil` for usual ones.
  func integers(
    of constant: ONNXConstant, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> ONNXConstant? {
    let code = try typeCode(context) ?? narrowType
    let type = try code.map { code throws(ONNXProblem) in
      try ONNXElementTypes.storedType(of: code)
    }
    let range =
      code.flatMap { ONNXElementTypes.integers(of: $0) } ?? (type ?? zeroPointType)?.quantizedRange
    guard blocks != nil || code != nil || zeroPointType == .int4, let floats = constant.floats,
      let range, type != .float32
    else { return nil }
    try context.builder.charge(8 * floats.count)
    let places = try places(of: constant.dimensions, context)
    let zeroPoints = zeroPoints ?? scales.map { _ in 0 }
    let integers = zip(floats, places).map { real, place in
      let scaled = Double((real / scales[place]).rounded(.toNearestOrEven))
      let sum = scaled.isNaN ? 0 : scaled + Double(zeroPoints[place])
      return Int(min(max(sum, Double(range.lowerBound)), Double(range.upperBound)))
    }
    return ONNXConstant(
      integers: integers, constant.dimensions, type: type ?? zeroPointType ?? .uint8,
      fileType: code)
  }

  /// The number of the type that an attribute states.
  private func typeCode(_ context: ONNXOperatorContext) throws(ONNXProblem) -> Int? {
    guard zeroPointType == nil, let code = try context.attributes.integer("output_dtype"),
      code != 0
    else { return nil }
    return code
  }

  // MARK: Parts

  /// For each element of a constant, the scale that is its.
  private func places(
    of dimensions: [Int], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [Int] {
    if let blocks { return try blocks.places(of: dimensions) }
    let count = try ONNXDimensions.elementCount(of: dimensions)
    guard scales.count > 1 else { return [Int](repeating: 0, count: count) }
    let parameters = try parameters(of: Shape(dimensions), context)
    let inner = dimensions[(parameters.axis + 1)...].reduce(1, *)
    return (0..<count).map { $0 / inner % scales.count }
  }

  private func requireWhole(_ what: String) throws(ONNXProblem) {
    guard let blocks else { return }
    throw .unsupported(
      reason: "its scales are \(blocks.dimensions): they stand for blocks of \(what)",
      remedy: "quantize with one scale for the tensor, or one for each channel; weights may have "
        + "blocks")
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
