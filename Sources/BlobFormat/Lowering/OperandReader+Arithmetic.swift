// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Operators of two and three operands that broadcast to one shape.
extension OperandReader {
  /// What every tensor is a view of, by its number, to know which operands share bytes.
  typealias Storage = [Int]

  func add(_ activation: Activation, storage: Storage) throws(BlobFormatError) -> LoweredStep {
    let operands = try arithmeticOperands(storage)
    return try sum(activation, operands, operands.isWide ? .add16 : .add)
  }

  func binary(
    _ function: BinaryFunction, storage: Storage
  ) throws(BlobFormatError) -> LoweredStep {
    switch function {
    case .subtract(let activation): return try subtract(activation, storage)
    case .multiply(let activation): return try multiply(activation, storage)
    case .divide(let activation): return try divide(activation, storage)
    case .squaredDifference: return try squaredDifference(storage)
    case .maximum: return try extremum(isMaximum: true, [.int8, .int16, .int32], storage)
    case .minimum: return try extremum(isMaximum: false, [.int8, .int16, .int32], storage)
    }
  }

  func logical(
    _ function: LogicalFunction, storage: Storage
  ) throws(BlobFormatError) -> LoweredStep {
    switch function {
    // Of 0 and 1, both hold where the smaller one does, and one of them where the larger one does.
    case .and: return try extremum(isMaximum: false, [.bool], storage)
    case .or: return try extremum(isMaximum: true, [.bool], storage)
    case .not:
      let (input, output) = (try tensor(0), try self.output())
      try require([input, output], [.bool])
      return try lookup(input, to: output) { $0 == 0 ? 1 : 0 }
    }
  }

  func compare(_ relation: Relation, storage: Storage) throws(BlobFormatError) -> LoweredStep {
    let inputs = [try tensor(0), try tensor(1)]
    let output = try self.output()
    try require([output], [.bool])
    let terms = try inputs.map { (id: TensorID) throws(BlobFormatError) in try comparand(id) }
    let geometry = try geometry(inputs, output)
    let parameters = shunt_compare_params_t(
      dims: geometry.dimensions, strides: (geometry.strides[0], geometry.strides[1]),
      input_zero_point: (terms[0].zeroPoint, terms[1].zeroPoint),
      input_multiplier: (terms[0].scale.mantissa, terms[1].scale.mantissa),
      input_shift: (terms[0].scale.shift, terms[1].scale.shift), left_shift: 8,
      relation: relation.code)
    return step(
      .compare, inputs: inputs, output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: reusable(inputs, output, storage))
  }

  func select(storage: Storage) throws(BlobFormatError) -> LoweredStep {
    let inputs = [try tensor(0), try tensor(1), try tensor(2)]
    let output = try self.output()
    try require([inputs[0]], [.bool])
    try require([inputs[1]], [.int8, .int16])
    try require([inputs[2], output], [graph[inputs[1]].elementType])
    let geometry = try geometry(inputs, output)
    let parameters = shunt_select_params_t(
      dims: geometry.dimensions,
      strides: (geometry.strides[0], geometry.strides[1], geometry.strides[2]))
    return step(
      .select, inputs: inputs, output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: reusable(inputs, output, storage))
  }

  func prelu(storage: Storage) throws(BlobFormatError) -> LoweredStep {
    let inputs = [try tensor(0), try tensor(1)]
    let output = try self.output()
    let from = try activation(inputs[0], types: [.int8, .int16])
    let factor = try activation(inputs[1])
    let to = try activation(output, types: [graph[inputs[0]].elementType])
    let identity = try multiplier(Double(from.scale) / Double(to.scale))
    let slope = try multiplier(
      Double(from.scale) * Double(factor.scale) / Double(to.scale))
    let geometry = try geometry(inputs, output)
    let parameters = shunt_prelu_params_t(
      dims: geometry.dimensions, strides: (geometry.strides[0], geometry.strides[1]),
      input_zero_point: from.zeroPoint, factor_zero_point: factor.zeroPoint,
      output_zero_point: to.zeroPoint, multiplier: (identity.mantissa, slope.mantissa),
      shift: (identity.shift, slope.shift), reserved: 0)
    return step(
      graph[output].elementType == .int16 ? .prelu16 : .prelu, inputs: inputs, output: output,
      parameters: ParameterImage(parameters), inPlaceInputs: reusable(inputs, output, storage))
  }

  func cast() throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    try require([input, output], [.int8, .uint8, .int16, .int32, .bool])
    let count = graph[input].shape.elementCount
    guard graph[output].shape.elementCount == count else { throw shapesDisagree(input, output) }
    let keepsWidth = graph[input].byteCount == graph[output].byteCount
    return step(
      .cast, inputs: [input], output: output,
      parameters: ParameterImage(shunt_cast_params_t(count: UInt32(count), reserved: 0)),
      inPlaceInputs: keepsWidth ? overwritable(input) : [])
  }

  // MARK: Arithmetic

  /// Two operands and a result of one type, and how they are walked.
  private struct ArithmeticOperands {
    var inputs: [TensorID]
    var output: TensorID
    var from: [Quantized]
    var to: Quantized
    var geometry: BroadcastGeometry
    var inPlaceInputs: [Int]
    /// Whether elements are int16, not int8.
    var isWide: Bool

    var type: ElementType { isWide ? .int16 : .int8 }
  }

  private func arithmeticOperands(
    _ storage: Storage, types: [ElementType] = [.int8, .int16]
  ) throws(BlobFormatError) -> ArithmeticOperands {
    let inputs = [try tensor(0), try tensor(1)]
    let output = try self.output()
    let to = try activation(output, types: types)
    let type = graph[output].elementType
    return ArithmeticOperands(
      inputs: inputs, output: output,
      from: try inputs.map { (id: TensorID) throws(BlobFormatError) in
        try activation(id, types: [type])
      }, to: to, geometry: try geometry(inputs, output),
      inPlaceInputs: reusable(inputs, output, storage), isWide: type == .int16)
  }

  private func step(
    _ kernel: KernelKind, _ operands: ArithmeticOperands, _ parameters: ParameterImage
  ) -> LoweredStep {
    step(
      kernel, inputs: operands.inputs, output: operands.output, parameters: parameters,
      inPlaceInputs: operands.inPlaceInputs)
  }

  private func sumParameters(
    _ operands: ArithmeticOperands, _ activation: Activation, leftShift: Int,
    inputRatios: [Double], outputRatio: Double
  ) throws(BlobFormatError) -> shunt_add_params_t {
    let scales = try inputRatios.map { (ratio: Double) throws(BlobFormatError) in
      try multiplier(ratio)
    }
    let outputScale = try multiplier(outputRatio)
    let (from, to, geometry) = (operands.from, operands.to, operands.geometry)
    let range = ActivationRange(
      activation, scale: to.scale, zeroPoint: to.zeroPoint, type: operands.type)
    return shunt_add_params_t(
      dims: geometry.dimensions, strides: (geometry.strides[0], geometry.strides[1]),
      input_zero_point: (from[0].zeroPoint, from[1].zeroPoint),
      input_multiplier: (scales[0].mantissa, scales[1].mantissa),
      input_shift: (scales[0].shift, scales[1].shift), left_shift: Int32(leftShift),
      output_multiplier: outputScale.mantissa, output_shift: outputScale.shift,
      output_zero_point: to.zeroPoint, clamp_min: range.lower, clamp_max: range.upper)
  }

  private func subtract(
    _ activation: Activation, _ storage: Storage
  ) throws(BlobFormatError) -> LoweredStep {
    let operands = try arithmeticOperands(storage)
    return try sum(activation, operands, operands.isWide ? .subtract16 : .subtract)
  }

  /// A sum or difference: the kernel says which.
  private func sum(
    _ activation: Activation, _ operands: ArithmeticOperands, _ kernel: KernelKind
  ) throws(BlobFormatError) -> LoweredStep {
    let common = 2 * Double(max(operands.from[0].scale, operands.from[1].scale))
    let leftShift = operands.isWide ? 15 : 20
    let parameters = try sumParameters(
      operands, activation, leftShift: leftShift,
      inputRatios: operands.from.map { Double($0.scale) / common },
      outputRatio: common / (Double(1 << leftShift) * Double(operands.to.scale)))
    return step(kernel, operands, ParameterImage(parameters))
  }

  private func squaredDifference(_ storage: Storage) throws(BlobFormatError) -> LoweredStep {
    let operands = try arithmeticOperands(storage)
    if operands.isWide { try requireSymmetric(operands) }
    let common = 2 * Double(max(operands.from[0].scale, operands.from[1].scale))
    let leftShift = operands.isWide ? 0 : 7
    let parameters = try sumParameters(
      operands, .none, leftShift: leftShift,
      inputRatios: operands.from.map { Double($0.scale) / common },
      outputRatio: common * common / Double(Float(1 << (2 * leftShift)) * operands.to.scale))
    return step(
      operands.isWide ? .squaredDifference16 : .squaredDifference, operands,
      ParameterImage(parameters))
  }

  private func multiply(
    _ activation: Activation, _ storage: Storage
  ) throws(BlobFormatError) -> LoweredStep {
    let operands = try arithmeticOperands(storage)
    if operands.isWide { try requireSymmetric(operands) }
    let scale = try multiplier(
      Double(operands.from[0].scale) * Double(operands.from[1].scale) / Double(operands.to.scale))
    return step(
      operands.isWide ? .multiply16 : .multiply, operands,
      ParameterImage(productParameters(operands, activation, scale)))
  }

  private func divide(
    _ activation: Activation, _ storage: Storage
  ) throws(BlobFormatError) -> LoweredStep {
    let operands = try arithmeticOperands(storage, types: [.int8])
    let ratio = operands.from[0].scale / (operands.from[1].scale * operands.to.scale)
    guard let scale = FixedPointScale(Double(ratio)), scale.shift <= Self.divisionShiftLimit else {
      throw unsupported(
        "its effective scale \(ratio) is not below 2^\(Self.divisionShiftLimit)",
        remedy: "Look for a scale that is far too small or too large, and quantize again.")
    }
    return step(
      .divide, operands, ParameterImage(productParameters(operands, activation, scale)))
  }

  /// Largest shift of the kernel `div_s8`.
  static var divisionShiftLimit: Int32 { 23 }

  private func productParameters(
    _ operands: ArithmeticOperands, _ activation: Activation, _ scale: FixedPointScale
  ) -> shunt_mul_params_t {
    let (from, to, geometry) = (operands.from, operands.to, operands.geometry)
    let range = ActivationRange(
      activation, scale: to.scale, zeroPoint: to.zeroPoint, type: operands.type)
    return shunt_mul_params_t(
      dims: geometry.dimensions, strides: (geometry.strides[0], geometry.strides[1]),
      input_zero_point: (from[0].zeroPoint, from[1].zeroPoint), multiplier: scale.mantissa,
      shift: scale.shift, output_zero_point: to.zeroPoint, clamp_min: range.lower,
      clamp_max: range.upper, reserved: 0)
  }

  /// Products of int16 fit 32 bits only without zero points.
  private func requireSymmetric(_ operands: ArithmeticOperands) throws(BlobFormatError) {
    guard (operands.from + [operands.to]).allSatisfy({ $0.zeroPoint == 0 }) else {
      throw unsupported(
        "its int16 tensors have zero points other than 0",
        remedy: "Quantize int16 activations symmetrically, as TFLite's specification says.")
    }
  }

  // MARK: Selection

  private func extremum(
    isMaximum: Bool, _ types: [ElementType], _ storage: Storage
  ) throws(BlobFormatError) -> LoweredStep {
    let inputs = [try tensor(0), try tensor(1)]
    let output = try self.output()
    try require([output], types)
    try require(inputs, [graph[output].elementType])
    let geometry = try geometry(inputs, output)
    let parameters = shunt_extremum_params_t(
      dims: geometry.dimensions, strides: (geometry.strides[0], geometry.strides[1]),
      is_maximum: isMaximum ? 1 : 0, reserved: (0, 0, 0))
    return step(
      .extremum, inputs: inputs, output: output, parameters: ParameterImage(parameters),
      inPlaceInputs: reusable(inputs, output, storage))
  }

  /// Zero point and scale with which an operand is compared.
  private func comparand(
    _ id: TensorID
  ) throws(BlobFormatError) -> (zeroPoint: Int32, scale: FixedPointScale) {
    if graph[id].elementType == .bool { return (0, try multiplier(0.5)) }
    let operand = try activation(id)
    guard let scale = FixedPointScale(Double(operand.scale)), scale.shift <= 0 else {
      throw unsupported(
        "its operand '\(NameShortener.shorten(graph[id].name))' has scale \(operand.scale), but "
          + "the kernel's limit is below 1",
        remedy: "Quantize the operands of comparisons with scales below 1.")
    }
    return (operand.zeroPoint, scale)
  }

  // MARK: Walks

  private func geometry(
    _ inputs: [TensorID], _ output: TensorID
  ) throws(BlobFormatError) -> BroadcastGeometry {
    let shapes = inputs.map { graph[$0].shape }
    guard let geometry = BroadcastGeometry(output: graph[output].shape, inputs: shapes) else {
      throw unsupported(
        "its shapes \(shapes.map(\.description).joined(separator: ", ")) do not broadcast to "
          + "\(graph[output].shape) in four dimensions",
        remedy: "Reshape the operands to at most four dimensions.")
    }
    return geometry
  }

  /// Operands that the result may be written over: as large as it, of as many elements, and not also
  /// read in another order as another operand.
  private func reusable(_ inputs: [TensorID], _ output: TensorID, _ storage: Storage) -> [Int] {
    func matches(_ id: TensorID) -> Bool {
      graph[id].byteCount == graph[output].byteCount
        && graph[id].shape.elementCount == graph[output].shape.elementCount
    }
    return inputs.indices.filter { index in
      let bytes = storage[inputs[index].index]
      return graph[TensorID(bytes)].constant == nil && matches(inputs[index])
        && inputs.allSatisfy { storage[$0.index] != bytes || matches($0) }
    }
  }

  /// Requires tensors to have one of these types.
  private func require(
    _ tensors: [TensorID], _ types: [ElementType]
  ) throws(BlobFormatError) {
    for id in tensors where !types.contains(graph[id].elementType) {
      throw unsupported(
        "tensor '\(NameShortener.shorten(graph[id].name))' is \(graph[id].elementType.rawValue), "
          + "but must be \(types.map(\.rawValue).joined(separator: " or "))",
        remedy: "Quantize the whole model to int8 before it is packed.")
    }
  }
}

extension Relation {
  /// The number that stands for it in the parameters of `compare_s8`.
  fileprivate var code: UInt32 {
    switch self {
    case .equal: SHUNT_COMPARE_EQUAL.rawValue
    case .notEqual: SHUNT_COMPARE_NOT_EQUAL.rawValue
    case .greater: SHUNT_COMPARE_GREATER.rawValue
    case .greaterEqual: SHUNT_COMPARE_GREATER_EQUAL.rawValue
    case .less: SHUNT_COMPARE_LESS.rawValue
    case .lessEqual: SHUNT_COMPARE_LESS_EQUAL.rawValue
    }
  }
}
