// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The float edges of a graph: what the host does before the first integers and behind the last.
struct HostEdges {
  /// Element types that the host converts from and to float32.
  static let convertibleTypes: [ElementType] = [.int8, .uint8, .int16]

  /// A float tensor that the host makes from a tensor of the board.
  struct Tail {
    /// The board's tensor.
    var tensor: TensorID
    /// What the host does to it, in order; begins with `dequantize`. The port is not known yet.
    var operators: [BlobMetadata.HostOperator]
    /// The same functions where each has one operand and works on each element by itself: a QUANTIZE
    /// behind them makes a table of them. `nil` if one does not.
    var functions: [UnaryFunction]? = []
    /// Why the host cannot run one of them; `nil` if it can.
    var problem: BlobFormatError?
    /// Positions of all its operators in the model file.
    var sources: [Int]
  }

  /// A float tensor with the elements of a graph input.
  private struct Head {
    var input: TensorID
    var sources: [Int]
  }

  private let graph: Graph
  private var tails: [TensorID: Tail] = [:]
  private var heads: [TensorID: Head] = [:]
  /// What stands for a float input inside the blob, and the operators in between.
  private var quantizedInputs: [TensorID: (tensor: TensorID, sources: [Int])] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    for input in graph.inputs where graph[input].elementType == .float32 {
      heads[input] = Head(input: input, sources: [])
    }
  }

  /// The board's tensor behind a float input, with the record of what the host does before it.
  func head(
    ofInput input: TensorID, port: Int
  ) -> (tensor: TensorID, operators: [BlobMetadata.HostOperator])? {
    quantizedInputs[input].map {
      ($0.tensor, [BlobMetadata.HostOperator(kind: "quantize", port: port, sources: $0.sources)])
    }
  }

  /// The board's tensor behind a float output, with what the host does to it.
  func tail(ofOutput output: TensorID, port: Int) throws(BlobFormatError) -> Tail? {
    guard var tail = tails[output] else { return nil }
    if let problem = tail.problem { throw problem }
    for index in tail.operators.indices { tail.operators[index].port = port }
    return tail
  }

  // MARK: Operators

  /// Takes a float operator in front of the first integers that gives the elements it takes, and that is
  /// recorded elsewhere.
  mutating func passThrough(_ node: Operator) {
    guard case let input?? = node.inputs.first, let output = node.outputs.first,
      let head = heads[input]
    else { return }
    heads[output] = head
  }

  /// Takes a QUANTIZE of a float tensor.
  ///
  /// - Returns: The earlier result of the same conversion, which its output shares, if there is one.
  mutating func quantize(_ operands: OperandReader) throws(BlobFormatError) -> TensorID? {
    let (input, output) = (try operands.tensor(0), try operands.output())
    _ = try operands.activation(output, types: Self.convertibleTypes)
    guard let head = heads[input] else {
      throw operands.unsupported(
        "it quantizes the float tensor '\(NameShortener.shorten(graph[input].name))' inside the "
          + "model",
        remedy: "Quantize the whole model to int8 (full integer quantization).")
    }
    let sources = head.sources + operands.node.sourceIndices
    guard let twin = quantizedInputs[head.input] else {
      quantizedInputs[head.input] = (output, sources)
      return nil
    }
    guard operands.keepsScale(twin.tensor, output),
      graph[twin.tensor].elementType == graph[output].elementType
    else {
      throw operands.unsupported(
        "the input '\(NameShortener.shorten(graph[head.input].name))' is quantized in two "
          + "different ways",
        remedy: "Give both operators the same scale and zero point.")
    }
    let added = sources.filter { !twin.sources.contains($0) }
    quantizedInputs[head.input] = (twin.tensor, twin.sources + added)
    return twin.tensor
  }

  /// The step of a QUANTIZE inside the model: what stands between the DEQUANTIZE before it and itself
  /// is a table of 256 entries.
  ///
  /// - Returns: `nil` if the float tensor does not come from a DEQUANTIZE.
  func island(_ operands: OperandReader) throws(BlobFormatError) -> LoweredStep? {
    let input = try operands.tensor(0)
    guard let tail = tails[input] else { return nil }
    guard let functions = tail.functions else {
      throw operands.unsupported(
        "it quantizes the float tensor '\(NameShortener.shorten(graph[input].name))' inside the "
          + "model, which takes more than a function of single elements to compute",
        remedy: "Quantize the whole model to int8 (full integer quantization).")
    }
    var step = try operands.tableOfFloats(tail.tensor, functions)
    step.sources = tail.sources + step.sources
    return step
  }

  /// Takes a DEQUANTIZE.
  mutating func dequantize(_ operands: OperandReader) throws(BlobFormatError) {
    let (input, output) = (try operands.tensor(0), try operands.output())
    _ = try operands.activation(input, types: Self.convertibleTypes)
    guard graph[output].elementType == .float32 else {
      throw operands.unsupported(
        "its result is \(graph[output].elementType.rawValue)", remedy: "Export the model again.")
    }
    tails[output] = Tail(
      tensor: input,
      operators: [
        BlobMetadata.HostOperator(
          kind: "dequantize", port: 0, sources: operands.node.sourceIndices)
      ], sources: operands.node.sourceIndices)
  }

  /// Takes an operator that computes in float32: a reshape of an input, or a function that the host
  /// runs behind a DEQUANTIZE.
  mutating func compute(_ operands: OperandReader) throws(BlobFormatError) {
    let node = operands.node
    let (input, output) = (try operands.tensor(0), try operands.output())
    let function = HostFunction(operatorLabel: node.kind.label)
    if function == .reshape, let head = heads[input] {
      heads[output] = Head(input: head.input, sources: head.sources + node.sourceIndices)
      return
    }
    let data = node.inputs.compactMap { $0 }.filter { graph[$0].constant == nil }
    let problem = operands.unsupported(
      "it computes in float32 on tensor '\(NameShortener.shorten(graph[input].name))'",
      remedy: "Quantize the whole model to int8 (full integer quantization). Only behind "
        + "the last DEQUANTIZE the host runs float operators: \(HostFunction.names).")
    guard var tail = tails[input], data.count == 1, graph[output].elementType == .float32 else {
      throw problem
    }
    tail.sources += node.sourceIndices
    if case .unary(let function) = node.kind {
      tail.functions?.append(function)
    } else if function != .reshape {
      tail.functions = nil
    }
    guard let function else {
      guard case .unary = node.kind else { throw problem }
      tail.problem = tail.problem ?? problem
      tails[output] = tail
      return
    }
    tail.operators.append(
      BlobMetadata.HostOperator(
        kind: function.rawValue, port: 0, sources: node.sourceIndices, beta: beta(of: node),
        shape: function.changesShape ? graph[output].shape.dimensions : nil,
        permutation: permutation(of: node)))
    tails[output] = tail
  }

  private func permutation(of node: Operator) -> [Int]? {
    if case .transpose(let permutation) = node.kind { permutation } else { nil }
  }

  private func beta(of node: Operator) -> Float? {
    if case .softmax(let beta) = node.kind { beta } else { nil }
  }
}
