// SPDX-License-Identifier: Apache-2.0

/// Lets convolutions and maximum pools pad by themselves what an operator in front of them pads.
///
/// That keeps every bit where padding adds rows and columns of what the window itself takes for
/// elements outside the image: the zero point for convolutions, the lowest value for maximum pools. It
/// happens where every reader of the padded tensor can do it, and where less is added than the
/// window reaches.
public struct PaddingFolding: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "padding-folding"
  /// See ``GraphPass/summary``.
  public let summary = "lets convolutions and maximum pools pad for the operator in front of them"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Folds paddings into their readers, and counts the paddings. Tensors keep their IDs.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    let interface = Set(graph.outputs)
    let consumers = graph.consumers
    var folded = Set<Int>()
    for index in graph.operators.indices {
      guard let border = Border(graph.operators[index], graph), !interface.contains(border.output),
        let readers = consumers[border.output], !readers.isEmpty
      else { continue }
      let kinds = readers.map { border.folded(into: graph.operators[$0], graph) }
      guard kinds.allSatisfy({ $0 != nil }) else { continue }
      for (reader, kind) in zip(readers, kinds) {
        if let kind { graph.operators[reader].kind = kind }
        graph.operators[reader].inputs[0] = border.input
      }
      // Work that several operators share is told of the first one.
      graph.operators[readers[0]].sourceIndices += graph.operators[index].sourceIndices
      folded.insert(index)
    }
    graph.operators = graph.operators.indices.filter { !folded.contains($0) }
      .map { graph.operators[$0] }
    return folded.count
  }
}

/// Rows and columns that an operator adds around an image.
private struct Border {
  var input: TensorID
  var output: TensorID
  var amounts: PaddingAmounts
  /// Whether the added elements are the real 0.
  var isZero: Bool
  /// Whether they are the lowest value of their type.
  var isLowest: Bool

  /// `nil` for what is no padding of rows and columns, or changes the quantization.
  init?(_ operation: Operator, _ graph: Graph) {
    guard case .pad(let attributes) = operation.kind, attributes.before.count == 4,
      let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      graph[input].quantization == graph[output].quantization,
      let range = graph[input].elementType.quantizedRange
    else { return nil }
    for axis in [0, 3] where attributes.before[axis] != 0 || attributes.after[axis] != 0 {
      return nil
    }
    self.input = input
    self.output = output
    amounts = PaddingAmounts(
      top: attributes.before[1], bottom: attributes.after[1], left: attributes.before[2],
      right: attributes.after[2])
    let zeroPoint = graph[output].quantization?.zeroPoint ?? 0
    let value: Int
    switch attributes.content {
    case .zero: value = zeroPoint
    case .element(let bytes): value = Self.integer(bytes, isSigned: range.lowerBound < 0)
    case .reflection, .symmetry: return nil
    }
    isZero = value == zeroPoint
    isLowest = value == range.lowerBound
  }

  /// What an operator becomes that reads the image without the border; `nil` if it cannot.
  func folded(into operation: Operator, _ graph: Graph) -> OperatorKind? {
    guard operation.inputs.first == .some(.some(output)),
      operation.inputs.dropFirst().allSatisfy({ $0 != .some(output) })
    else { return nil }
    let one = Spatial(height: 1, width: 1)
    switch operation.kind {
    case .conv2D(var attributes):
      guard isZero, let kernel = filterSize(operation, graph),
        let padding = padding(
          beside: attributes.padding, kernel, attributes.stride, attributes.dilation, graph)
      else { return nil }
      attributes.padding = padding
      return .conv2D(attributes)
    case .depthwiseConv2D(var attributes):
      guard isZero, let kernel = filterSize(operation, graph),
        let padding = padding(
          beside: attributes.padding, kernel, attributes.stride, attributes.dilation, graph)
      else { return nil }
      attributes.padding = padding
      return .depthwiseConv2D(attributes)
    case .maxPool2D(var attributes):
      guard isLowest,
        let padding = padding(
          beside: attributes.padding, attributes.window, attributes.stride, one, graph)
      else { return nil }
      attributes.padding = padding
      return .maxPool2D(attributes)
    default: return nil
    }
  }

  /// The border and the window's own padding together; `nil` if a window might lie outside the image.
  private func padding(
    beside own: Padding, _ kernel: Spatial, _ stride: Spatial, _ dilation: Spatial, _ graph: Graph
  ) -> Padding? {
    let outer = PaddingAmounts(
      own, input: graph[output].shape.imageSize, kernel: kernel, stride: stride,
      dilation: dilation)
    let (top, bottom) = (amounts.top + outer.top, amounts.bottom + outer.bottom)
    let (left, right) = (amounts.left + outer.left, amounts.right + outer.right)
    guard max(top, bottom) <= (kernel.height - 1) * dilation.height,
      max(left, right) <= (kernel.width - 1) * dilation.width
    else { return nil }
    return .explicit(top: top, bottom: bottom, left: left, right: right)
  }

  private func filterSize(_ operation: Operator, _ graph: Graph) -> Spatial? {
    guard operation.inputs.count > 1, let filter = operation.inputs[1],
      graph[filter].shape.rank == 4
    else { return nil }
    return graph[filter].shape.imageSize
  }

  private static func integer(_ bytes: [UInt8], isSigned: Bool) -> Int {
    let magnitude = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    let top = bytes.last.map { $0 >= 0x80 } ?? false
    return isSigned && top && bytes.count < 8 ? magnitude - (1 << (8 * bytes.count)) : magnitude
  }
}
