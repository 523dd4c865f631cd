// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Convolutions, pools and fully connected layers.
extension TFLiteModelBuilder {
  mutating func write(_ node: inout TFLiteNode, _ attributes: Conv2DAttributes) {
    let padding = resolvePadding(&node, attributes.padding)
    append(
      node.record(
        3, version: version(node, integers: 3), options: 1,
        [
          0: padding, 1: .int32(attributes.stride.width),
          2: .int32(attributes.stride.height),
          3: code(attributes.activation),
          4: .int32(attributes.dilation.width),
          5: .int32(attributes.dilation.height),
        ]))
  }

  mutating func write(_ node: inout TFLiteNode, _ attributes: DepthwiseConv2DAttributes) {
    let padding = resolvePadding(&node, attributes.padding)
    append(
      node.record(
        4, version: version(node, integers: 3), options: 2,
        [
          0: padding, 1: .int32(attributes.stride.width),
          2: .int32(attributes.stride.height),
          3: .int32(attributes.depthMultiplier), 4: code(attributes.activation),
          5: .int32(attributes.dilation.width),
          6: .int32(attributes.dilation.height),
        ]))
  }

  mutating func write(_ node: TFLiteNode, _ attributes: FullyConnectedAttributes) {
    append(
      node.record(
        9, version: version(node, integers: 4), options: 8,
        [0: code(attributes.activation), 2: .bool(attributes.keepsDimensions)]))
  }

  /// A maximum pool whose padding has no code gets a PADV2 in front of it, of the lowest value there is.
  ///
  /// - Throws: ``ModelExportError/unsupportedOperator(index:kind:name:reason:remedy:)`` for an average
  ///   pool with such a padding: padded elements would count.
  mutating func write(
    _ node: TFLiteNode, _ attributes: Pool2DAttributes, code number: Int
  ) throws(ModelExportError) {
    var node = node
    var padding = paddingCode(attributes.padding)
    if padding == nil, case .maxPool2D = node.operation.kind,
      let value = node.operation.inputs.first?.flatMap({ lowest(like: tensor($0)) })
    {
      padding = padded(&node, attributes.padding, with: value)
    }
    guard let padding else {
      throw node.unsupported(
        "its padding is neither SAME nor VALID", remedy: "pad the image before it is pooled")
    }
    append(
      node.record(
        number, version: version(node), options: 5,
        [
          0: padding, 1: .int32(attributes.stride.width),
          2: .int32(attributes.stride.height),
          3: .int32(attributes.window.width),
          4: .int32(attributes.window.height), 5: code(attributes.activation),
        ]))
  }

  /// A padding that has no code becomes a SLICE of the result without padding.
  mutating func write(_ node: TFLiteNode, _ attributes: TransposeConvAttributes) {
    var node = node
    var output = node.operation.outputs.first.map { tensor($0).shape.dimensions } ?? []
    let whole = wholeSize(node, attributes)
    let slice = whole.flatMap { cut(&node, attributes.padding, from: $0) }
    if slice != nil, let whole { output = whole }
    let padding = paddingCode(attributes.padding) ?? .int8(1)
    let shape = add(output, name: node.name("shape"))
    let bias = node.inputs.count > 2 ? [node.inputs[2]] : []
    node.inputs = [shape, node.inputs[1], node.inputs[0]] + bias
    append(
      node.record(
        67, version: version(node, integers: attributes.activation == .none ? 3 : 4), options: 49,
        [
          0: padding, 1: .int32(attributes.stride.width), 2: .int32(attributes.stride.height),
          3: code(attributes.activation),
        ]))
    if let slice { append(slice) }
  }

  /// The shape of a transposed convolution's result before padding is cut off; `nil` where the format
  /// has a code for the padding.
  private func wholeSize(_ node: TFLiteNode, _ attributes: TransposeConvAttributes) -> [Int]? {
    guard case .explicit(let top, let bottom, let left, let right) = attributes.padding,
      let image = node.operation.inputs.first ?? nil, node.operation.inputs.count > 1,
      let filter = node.operation.inputs[1], let output = node.operation.outputs.first
    else { return nil }
    let (size, kernel) = (tensor(image).shape, tensor(filter).shape)
    let result = tensor(output).shape
    let rows = (size[1] - 1) * attributes.stride.height + kernel[1]
    let columns = (size[2] - 1) * attributes.stride.width + kernel[2]
    return [
      result[0], max(rows, top + result[1] + bottom), max(columns, left + result[2] + right),
      result[3],
    ]
  }

  /// Lets a node write the whole result, and gives the SLICE that cuts its output out of that.
  private mutating func cut(
    _ node: inout TFLiteNode, _ padding: Padding, from whole: [Int]
  ) -> TFLiteOperatorRecord? {
    guard case .explicit(let top, _, let left, _) = padding,
      let output = node.operation.outputs.first
    else { return nil }
    var result = tensor(output)
    let size = result.shape.dimensions
    result.name = node.name("whole")
    result.shape = Shape(whole)
    let number = add(result)
    node.outputs = [number]
    return TFLiteOperatorRecord(
      65, version: version(node), options: 48,
      inputs: [
        number, add([0, top, left, 0], name: node.name("begin")),
        add(size, name: node.name("size")),
      ], outputs: [output.index])
  }

  /// Enum Padding; `nil` for what it does not have.
  private func paddingCode(_ padding: Padding) -> FlatValue? {
    switch padding {
    case .same: .int8(0)
    case .valid: .int8(1)
    case .explicit: nil
    }
  }

  /// The padding's code. A padding that the format has no code for becomes a PAD before the operator:
  /// it fills with the zero point, as the convolution would.
  private mutating func resolvePadding(
    _ node: inout TFLiteNode, _ padding: Padding
  ) -> FlatValue {
    if let code = paddingCode(padding) { return code }
    return padded(&node, padding, with: nil)
  }

  /// Puts a PAD in front of an operator, or a PADV2 of a constant, and gives the code of VALID.
  private mutating func padded(
    _ node: inout TFLiteNode, _ padding: Padding, with value: Tensor?
  ) -> FlatValue {
    guard case .explicit(let top, let bottom, let left, let right) = padding,
      let image = node.operation.inputs.first ?? nil
    else { return .int8(1) }
    var padded = tensor(image)
    padded.name = node.name("padded")
    padded.constant = nil
    let shape = padded.shape
    padded.shape = [shape[0], shape[1] + top + bottom, shape[2] + left + right, shape[3]]
    let amounts = add(
      [0, 0, top, bottom, left, right, 0, 0], shape: [4, 2], name: node.name("paddings"))
    let result = add(padded)
    var inputs = [image.index, amounts]
    if var value {
      value.name = node.name("value")
      inputs.append(add(value))
    }
    append(
      TFLiteOperatorRecord(
        value == nil ? 34 : 60, version: version(node), options: value == nil ? 22 : 43,
        inputs: inputs, outputs: [result]))
    node.inputs[0] = result
    return .int8(1)
  }

  /// A constant of the lowest integer of a tensor's type, at its scale.
  private func lowest(like tensor: Tensor) -> Tensor? {
    guard let least = tensor.elementType.quantizedRange?.lowerBound else { return nil }
    let bytes = (0..<tensor.elementType.bitWidth / 8).map {
      UInt8(truncatingIfNeeded: least >> (8 * $0))
    }
    return Tensor(
      name: tensor.name, shape: [1], elementType: tensor.elementType,
      quantization: tensor.quantization, constant: bytes)
  }
}
