// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Turns a graph's operators into steps of kernels.
///
/// RESHAPE and identity requantization become views; QUANTIZE and DEQUANTIZE at the graph's float
/// edges, and what follows the latter, are left to the host; everything else is one step.
struct Lowering {
  let graph: Graph
  private(set) var result: LoweredGraph
  /// The step that writes a storage tensor.
  private var producer: [Int: Int] = [:]
  /// Source operators of views of inputs, waiting for a step that reads them.
  private var waitingSources: [Int: [Int]] = [:]
  private var edges: HostEdges
  private let graphOutputs: Set<TensorID>

  private init(_ graph: Graph) {
    self.graph = graph
    result = LoweredGraph(storage: Array(graph.tensors.indices))
    edges = HostEdges(graph)
    graphOutputs = Set(graph.outputs)
  }

  /// Lowers a graph.
  ///
  /// - Throws: ``BlobFormatError/unsupportedOperator(kind:name:position:reason:remedy:)`` for what is
  ///   not quantized to int8 or beyond the kernels, and
  ///   ``BlobFormatError/illegalGraph(reason:remedy:)``.
  static func lower(_ graph: Graph) throws(BlobFormatError) -> LoweredGraph {
    try GraphSanity.check(graph)
    var lowering = Lowering(graph)
    for index in graph.operators.indices { try lowering.lower(index) }
    try lowering.connectInputs()
    try lowering.connectOutputs()
    guard !lowering.result.steps.isEmpty else {
      throw .illegalGraph(
        reason: "it computes nothing on the board", remedy: "Give a model with operators.")
    }
    return lowering.result
  }

  private mutating func lower(_ index: Int) throws(BlobFormatError) {
    let node = graph.operators[index]
    let operands = OperandReader(
      graph: graph, node: node, macs: graph.multiplyAccumulates(of: index))
    if operands.computesInFloat { return try edges.compute(operands) }
    switch node.kind {
    case .reshape:
      try lowerReshape(operands)
    case .quantize:
      try lowerQuantize(operands)
    case .dequantize:
      try edges.dequantize(operands)
    case .conv2D(let attributes):
      append(try operands.conv2D(attributes))
    case .depthwiseConv2D(let attributes):
      append(try operands.depthwiseConv2D(attributes))
    case .fullyConnected(let attributes):
      append(try operands.fullyConnected(attributes))
    case .add(let activation):
      append(try operands.add(activation, storage: result.storage))
    case .averagePool2D(let attributes):
      append(try operands.pool2D(attributes, kernels: (.averagePool2D, .averagePool2DWide)))
    case .maxPool2D(let attributes):
      append(try operands.pool2D(attributes, kernels: (.maxPool2D, .maxPool2DWide)))
    case .softmax(let beta):
      append(try operands.softmax(beta: beta))
    case .logSoftmax:
      append(try operands.logSoftmax())
    case .reduce(let attributes):
      append(try operands.reduce(attributes))
    case .argMax(let attributes):
      append(try operands.argMax(attributes))
    case .l2Normalization:
      append(try operands.l2Normalization())
    case .resizeBilinear(let attributes):
      append(try operands.resizeBilinear(attributes))
    case .cumulativeSum(let attributes):
      append(try operands.cumulativeSum(attributes))
    case .concatenation, .slice:
      throw operands.unsupported(
        "there is no kernel for it yet", remedy: "Leave it to the host.")
    }
  }

  private mutating func append(_ step: LoweredStep) {
    var step = step
    for input in step.inputs {
      step.sources = (waitingSources.removeValue(forKey: input.index) ?? []) + step.sources
    }
    for output in step.outputs { producer[output.index] = result.steps.count }
    result.steps.append(step)
  }

  // MARK: Views

  private mutating func lowerReshape(_ operands: OperandReader) throws(BlobFormatError) {
    let input = try operands.tensor(0)
    let output = try operands.output()
    let (from, to) = (graph[input], graph[output])
    guard from.elementType == to.elementType, from.byteCount == to.byteCount else {
      throw operands.unsupported(
        "it turns \(from.elementType.rawValue) \(from.shape) into \(to.elementType.rawValue) "
          + "\(to.shape), which has another size",
        remedy: "Export the model again.")
    }
    if graphOutputs.contains(output), isInput(input) {
      append(operands.copy(input, to: output, bytes: from.byteCount))
    } else {
      view(input, as: output, sources: operands.node.sourceIndices)
    }
  }

  /// Whether a tensor's bytes are those of an input, which must not double as an output.
  private func isInput(_ tensor: TensorID) -> Bool {
    let storage = result.storage[tensor.index]
    return graph.tensors[storage].constant == nil && producer[storage] == nil
  }

  private mutating func view(_ input: TensorID, as output: TensorID, sources: [Int]) {
    let storage = result.storage[input.index]
    result.storage[output.index] = storage
    if let step = producer[storage] {
      result.steps[step].sources += sources
    } else {
      let waiting = waitingSources.removeValue(forKey: input.index) ?? []
      waitingSources[output.index] = waiting + sources
    }
  }

  // MARK: Quantize and dequantize

  private mutating func lowerQuantize(_ operands: OperandReader) throws(BlobFormatError) {
    let input = try operands.tensor(0)
    let output = try operands.output()
    if graph[input].elementType == .float32 {
      if let twin = try edges.quantize(operands) { view(twin, as: output, sources: []) }
      return
    }
    let step = try operands.requantize()
    if operands.keepsScale(input, output), !(graphOutputs.contains(output) && isInput(input)) {
      view(input, as: output, sources: operands.node.sourceIndices)
    } else {
      append(step)
    }
  }

  // MARK: Edges

  private mutating func connectInputs() throws(BlobFormatError) {
    for (index, input) in graph.inputs.enumerated() {
      if let head = edges.head(ofInput: input, port: index) {
        result.hostOperators += head.operators
        addPort(\.inputs, of: input, inside: head.tensor, operation: .quantize)
      } else {
        try requirePortable(input, direction: "input")
        addPort(\.inputs, of: input, inside: input, operation: .none)
      }
    }
  }

  private mutating func connectOutputs() throws(BlobFormatError) {
    for (index, output) in graph.outputs.enumerated() {
      if let tail = edges.tail(ofOutput: output, port: index) {
        result.hostOperators += tail.operators
        addPort(\.outputs, of: output, inside: tail.tensor, operation: .dequantize)
      } else {
        try requirePortable(output, direction: "output")
        addPort(\.outputs, of: output, inside: output, operation: .none)
      }
    }
  }

  private mutating func addPort(
    _ list: WritableKeyPath<LoweredGraph, [LoweredGraph.Port]>, of external: TensorID,
    inside tensor: TensorID, operation: HostOperation
  ) {
    let type = operation == .none ? graph[external].elementType : .float32
    result[keyPath: list].append(
      LoweredGraph.Port(
        tensor: tensor, name: graph[external].name, externalType: type, operation: operation))
  }

  /// Integers and truth values pass as they are.
  private func requirePortable(
    _ tensor: TensorID, direction: String
  ) throws(BlobFormatError) {
    let types: [ElementType] = [.int8, .uint8, .int16, .int32, .int64, .bool]
    guard types.contains(graph[tensor].elementType) else {
      throw .illegalGraph(
        reason: "its \(direction) '\(NameShortener.shorten(graph[tensor].name))' is "
          + "\(graph[tensor].elementType.rawValue) and no QUANTIZE or DEQUANTIZE stands beside it",
        remedy: "Quantize the whole model to int8 before it is packed.")
    }
  }
}
