// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that run over sequences.
extension TFLiteModelBuilder {
  mutating func writeLSTM(
    _ node: TFLiteNode, _ attributes: LSTMAttributes
  ) throws(ModelExportError) {
    try requireDefaultStart(node, [13, 14])
    var node = node
    // The format has places for peepholes, projection and layer normalization, too.
    let (inputs, none) = (node.inputs, [Int](repeating: -1, count: 4))
    node.inputs = Array(inputs[0...8]) + none[..<3] + inputs[9...12] + none[..<2] + inputs[13...]
    node.inputs += none
    var record = node.record(
      44, options: 71,
      [0: .int8(4), 1: .float(attributes.cellClip), 3: .bool(attributes.isTimeMajor)])
    let hidden = tensor(TensorID(inputs[13]))
    if hidden.elementType != .float32 { record.intermediates = addIntermediates(node, hidden) }
    append(record)
  }

  /// The tensors by which the format tells the scales between an LSTM's parts: without a projection
  /// only the last one counts, that of the hidden state.
  private mutating func addIntermediates(_ node: TFLiteNode, _ hidden: Tensor) -> [Int] {
    (0..<5).map { index in
      let isHidden = index == 4
      return add(
        Tensor(
          name: node.name("intermediate\(index)"), shape: [0],
          elementType: isHidden ? hidden.elementType : .float32,
          quantization: isHidden ? hidden.quantization : nil))
    }
  }

  mutating func writeSVDF(
    _ node: TFLiteNode, _ attributes: SVDFAttributes
  ) throws(ModelExportError) {
    try requireDefaultStart(node, [3])
    var node = node
    let bias = node.inputs.count > 4 ? node.inputs[4] : -1
    node.inputs = Array(node.inputs[0...2]) + [bias, node.inputs[3]]
    append(
      node.record(
        27, version: version(node, integers: 3), options: 6,
        [0: .int32(attributes.rank), 1: code(attributes.activation)]))
  }

  /// The states of these operators start as the bytes of their zero point, or as zeros: the format
  /// cannot say anything else.
  private func requireDefaultStart(
    _ node: TFLiteNode, _ positions: [Int]
  ) throws(ModelExportError) {
    for position in positions {
      let variable = tensor(TensorID(node.inputs[position]))
      let isSmall = variable.elementType == .int8
      let start = UInt8(
        truncatingIfNeeded: isSmall ? variable.quantization?.zeroPoints.first ?? 0 : 0)
      guard let value = variable.initialValue else {
        if start == 0 { continue }
        throw startsElsewhere(node, variable)
      }
      guard value.allSatisfy({ $0 == start }) else { throw startsElsewhere(node, variable) }
    }
  }

  private func startsElsewhere(_ node: TFLiteNode, _ variable: Tensor) -> ModelExportError {
    node.unsupported(
      "its state '\(variable.name)' starts with other values than its zero point",
      remedy: "let it start at its zero point")
  }
}
