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

  /// - Throws: ``ModelExportError/unsupportedOperator(index:kind:name:reason:remedy:)`` for a padding
  ///   that is neither SAME nor VALID: padded elements would count.
  mutating func write(
    _ node: TFLiteNode, _ attributes: Pool2DAttributes, code number: Int
  ) throws(ModelExportError) {
    guard let padding = paddingCode(attributes.padding) else {
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

  mutating func write(
    _ node: TFLiteNode, _ attributes: TransposeConvAttributes
  ) throws(ModelExportError) {
    guard let padding = paddingCode(attributes.padding) else {
      throw node.unsupported(
        "its padding is neither SAME nor VALID", remedy: "cut the image behind it instead")
    }
    var node = node
    let output = node.operation.outputs.first.map { tensor($0).shape.dimensions } ?? []
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
    guard case .explicit(let top, let bottom, let left, let right) = padding,
      let image = node.operation.inputs.first ?? nil
    else { return paddingCode(padding) ?? .int8(1) }
    var padded = tensor(image)
    padded.name = node.name("padded")
    padded.constant = nil
    let shape = padded.shape
    padded.shape = [shape[0], shape[1] + top + bottom, shape[2] + left + right, shape[3]]
    let amounts = add(
      [0, 0, top, bottom, left, right, 0, 0], shape: [4, 2], name: node.name("paddings"))
    let result = add(padded)
    append(
      TFLiteOperatorRecord(
        34, version: version(node), options: 22, inputs: [image.index, amounts], outputs: [result]))
    node.inputs[0] = result
    return .int8(1)
  }
}
