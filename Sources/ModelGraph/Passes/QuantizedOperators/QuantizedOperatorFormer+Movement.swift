// SPDX-License-Identifier: Apache-2.0

/// Operators whose integers keep one scale.
extension QuantizedOperatorFormer {
  /// Moves elements, or chooses the largest or smallest, as integers.
  mutating func formMoving(_ operation: Operator) -> Bool {
    if formConstant(operation) { return true }
    guard let input = activation(operation.inputs.first ?? nil),
      let format = IntegerFormat(tensors[input.index])
    else { return false }
    var moved = operation
    moved.kind = Self.paddingIntegers(operation.kind, format)
    moved.inputs[0] = input
    moved.outputs = operation.outputs.map { declare($0, format) }
    for (float, integers) in zip(operation.outputs, moved.outputs) { twins[float] = integers }
    operators.append(moved)
    return true
  }

  /// Reshapes or transposes a constant. Integers with one scale stay, others become reals.
  private mutating func formConstant(_ operation: Operator) -> Bool {
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      let twin = twins[input], let reals = tensors[twin.index].realConstant
    else { return false }
    var stored = tensors[twin.index]
    stored.shape = tensors[output.index].shape
    switch operation.kind {
    case .reshape:
      guard stored.quantization?.isPerTensor == true else { break }
      twins[output] = append(stored)
      return true
    case .transpose: break
    default: return false
    }
    var places = Array(reals.indices)
    if case .transpose(let permutation) = operation.kind {
      places = ElementOrder(input, tensors[input.index].shape).transposed(permutation).places()
    }
    tensors[output.index].constant = places.map { Float(reals[$0]) }
      .withUnsafeBytes { [UInt8]($0) }
    return true
  }

  /// Averages elements at the scale that they have; a following QUANTIZE changes it. A window over the
  /// whole image becomes a mean, which may change the scale by itself.
  mutating func formAveraging(_ operation: Operator) -> Bool {
    guard let input = activation(operation.inputs.first ?? nil),
      let format = IntegerFormat(tensors[input.index]), let target = destination(of: operation),
      target.format.type == format.type
    else { return false }
    guard target.format != format, let mean = wholeImageMean(operation) else {
      return formMoving(operation)
    }
    absorb(target)
    append(mean, of: operation, [input], target.format, target.sources)
    return true
  }

  /// Brings the operands to one scale: that of the result where it is quantized, else their own.
  mutating func formJoining(_ operation: Operator) -> Bool {
    guard operation.outputs.count == 1,
      tensors[operation.outputs[0].index].elementType == .float32
    else { return false }
    let target = destination(of: operation)
    let first = operation.inputs.compactMap { $0 }.firstIndex { twins[$0] != nil }
    guard let first, let own = activation(operation.inputs[first]),
      let format = target?.format ?? IntegerFormat(tensors[own.index])
    else { return false }
    // Whatever is no float, such as the condition of a selection, stays.
    let isData = operation.inputs.map {
      $0.map { tensors[$0.index].elementType == .float32 } ?? false
    }
    guard
      zip(operation.inputs, isData).allSatisfy({ input, isData in
        guard isData, let input else { return true }
        return canConvert(input, to: format, mayRescale: target != nil)
      })
    else { return false }
    if let target { absorb(target) }
    let inputs = zip(operation.inputs, isData).map { input, isData in
      isData ? input.flatMap { constant($0, in: format) ?? asFormat($0, format) } : input
    }
    append(operation.kind, of: operation, inputs, format, target?.sources ?? [])
    return true
  }

  /// Operators that read integers and write something else: indices, truth values.
  mutating func formReading(_ operation: Operator) -> Bool {
    let twins = operation.inputs.map { activation($0) }
    guard let first = twins.compactMap({ $0 }).first,
      let format = IntegerFormat(tensors[first.index]), format.type == .int8
    else { return false }
    var inputs: [TensorID?] = []
    for (input, twin) in zip(operation.inputs, twins) {
      guard let input, let integers = twin ?? constant(input, in: format) else { return false }
      inputs.append(integers)
    }
    var formed = operation
    formed.inputs = inputs
    operators.append(formed)
    return true
  }

  // MARK: Parts

  /// Appends an operator whose result is integers.
  mutating func append(
    _ kind: OperatorKind, of operation: Operator, _ inputs: [TensorID?], _ format: IntegerFormat,
    _ sources: [Int]
  ) {
    let output = declare(operation.outputs[0], format)
    operators.append(
      Operator(
        kind: kind, name: operation.name, inputs: inputs, outputs: [output],
        sourceIndices: operation.sourceIndices + sources))
    twins[operation.outputs[0]] = output
  }

  /// Takes over the clamps behind an operator.
  mutating func absorb(_ target: QuantizationDestination) {
    absorbed.formUnion(target.absorbed)
  }

  private func canConvert(_ id: TensorID, to format: IntegerFormat, mayRescale: Bool) -> Bool {
    guard let twin = twins[id] else { return tensors[id.index].realConstant != nil }
    let tensor = tensors[twin.index]
    if tensor.constant != nil { return true }
    guard let own = IntegerFormat(tensor)?.signed else { return false }
    return own == format || (mayRescale && own.type == format.type)
  }

  private mutating func asFormat(_ id: TensorID, _ format: IntegerFormat) -> TensorID? {
    activation(id).map { converted($0, to: format) }
  }

  /// A constant as integers of a format; `nil` if the tensor is none.
  mutating func constant(_ id: TensorID, in format: IntegerFormat) -> TensorID? {
    let value = twins[id].map { tensors[$0.index] } ?? tensors[id.index]
    guard value.constant != nil, let reals = value.realConstant else { return nil }
    var tensor = tensors[id.index]
    tensor.elementType = format.type
    tensor.quantization = format.quantization
    tensor.constant = format.bytes(of: reals.map(format.quantize))
    return append(tensor)
  }

  /// An element that a padding adds, as an integer.
  private static func paddingIntegers(
    _ kind: OperatorKind, _ format: IntegerFormat
  ) -> OperatorKind {
    guard case .pad(var attributes) = kind, case .element(let bytes) = attributes.content,
      bytes.count == 4
    else { return kind }
    let pattern = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let real = Float(bitPattern: pattern)
    attributes.content =
      real == 0 ? .zero : .element(format.bytes(of: [format.quantize(Double(real))]))
    return .pad(attributes)
  }

  /// The mean over rows and columns, where a pool's one window is the image.
  private func wholeImageMean(_ operation: Operator) -> OperatorKind? {
    guard case .averagePool2D(let attributes) = operation.kind, attributes.activation == .none,
      let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      attributes.window == tensors[input.index].shape.imageSize,
      tensors[output.index].shape.imageSize == Spatial(height: 1, width: 1)
    else { return nil }
    let padding = PaddingAmounts(
      attributes.padding, input: attributes.window, kernel: attributes.window,
      stride: attributes.stride)
    guard padding == PaddingAmounts(top: 0, bottom: 0, left: 0, right: 0) else { return nil }
    return .reduce(ReduceAttributes(function: .mean, axes: [1, 2], keepsDimensions: true))
  }
}
