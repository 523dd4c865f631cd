// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Turns a graph's operators into steps of kernels.
///
/// RESHAPE and identity requantization become views; QUANTIZE and DEQUANTIZE at the graph's float
/// edges, and what follows the latter, are left to the host; reading and assigning variables is told
/// in `Lowering+State.swift`; everything else is one step.
struct Lowering {
  let graph: Graph
  var result: LoweredGraph
  /// The step that writes a storage tensor.
  var producer: [Int: Int] = [:]
  /// What lowering knows about variables.
  var variables: VariableUse
  /// How streams are kept.
  var streams: StreamPlan
  /// The heads of all rings.
  var ringHeads: TensorID?
  /// Whether a step was to read a ring whose kernel can't.
  private var refusesRings = false
  /// The operator that is being lowered; `nil` at the graph's edges.
  private var current: Int?
  /// Source operators of views of inputs, waiting for a step that reads them.
  private var waitingSources: [Int: [Int]] = [:]
  private var edges: HostEdges
  private let layouts: EdgeLayouts
  /// The graph's outputs, and what is one but for the layout that the host gives it.
  let graphOutputs: Set<TensorID>
  private let weights: WeightStorage

  private init(
    _ graph: Graph, form: StreamForm, weights: WeightStorage, copiedReads: Set<Int>
  ) {
    self.graph = graph
    self.weights = weights
    streams = StreamPlan(graph, form: form)
    variables = VariableUse(graph, copiedReads: copiedReads)
    result = LoweredGraph(graph: graph, storage: Array(graph.tensors.indices))
    edges = HostEdges(graph)
    layouts = EdgeLayouts(graph)
    graphOutputs = Set(graph.outputs).union(layouts.outputs.values.map(\.tensor))
  }

  /// Lowers a graph.
  ///
  /// - Throws: ``BlobFormatError/unsupportedOperator(kind:name:position:reason:remedy:)`` for what is
  ///   not quantized to int8 or beyond the kernels, and
  ///   ``BlobFormatError/illegalGraph(reason:remedy:)``.
  static func lower(
    _ graph: Graph, streams form: StreamForm = .ring, weights: WeightStorage = .smallest
  ) throws(BlobFormatError) -> LoweredGraph {
    try GraphSanity.check(graph)
    var lowering = Lowering(graph, form: form, weights: weights, copiedReads: [])
    try lowering.run()
    // Each round copies more reads of variables than the one before, or gives up rings, so that there is
    // a last one.
    while lowering.refusesRings
      || !lowering.variables.staleReads.isSubset(of: lowering.variables.copiedReads)
    {
      let reads = lowering.variables.copiedReads.union(lowering.variables.staleReads)
      lowering = Lowering(
        graph, form: lowering.refusesRings ? min(form, .sliding) : form, weights: weights,
        copiedReads: reads)
      try lowering.run()
    }
    guard !lowering.result.steps.isEmpty else {
      throw .illegalGraph(
        reason: "it computes nothing on the board", remedy: "Give a model with operators.")
    }
    return lowering.result
  }

  private mutating func run() throws(BlobFormatError) {
    declareVariables()
    declareStreams()
    for index in graph.operators.indices { try lower(index) }
    current = nil
    try connectInputs()
    try connectOutputs()
  }

  private mutating func lower(_ index: Int) throws(BlobFormatError) {
    guard !streams.absorbed.contains(index) else { return }
    current = index
    let node = graph.operators[index]
    let operands = OperandReader(
      graph: graph, node: node, macs: graph.multiplyAccumulates(of: index))
    if layouts.absorbed.contains(index) { return takeLayout(node) }
    if let entry = streams.joining[index] { return try lowerJoin(operands, entry: entry) }
    if operands.computesInFloat { return try edges.compute(operands) }
    switch node.kind {
    case .reshape:
      try lowerReshape(operands)
    case .quantize:
      try lowerQuantize(operands)
    case .dequantize:
      try edges.dequantize(operands)
    case .readVariable:
      try lowerRead(operands, at: index)
    case .assignVariable:
      try lowerAssign(operands, at: index)
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
    case .transposeConv(let attributes):
      append(try operands.transposeConv(attributes))
    case .batchMatMul(let first, let second):
      append(try operands.batchMatMul(transposesFirst: first, transposesSecond: second))
    case .softmax(let beta):
      append(try operands.softmax(beta: beta))
    case .unary(let function):
      append(try operands.unary(function))
    case .binary(let function):
      append(try operands.binary(function, storage: result.storage))
    case .prelu:
      append(try operands.prelu(storage: result.storage))
    case .compare(let relation):
      append(try operands.compare(relation, storage: result.storage))
    case .logical(let function):
      append(try operands.logical(function, storage: result.storage))
    case .select:
      append(try operands.select(storage: result.storage))
    case .cast:
      append(try operands.cast())
    case .concatenation(let axis):
      move(try operands.concatenation(axis: axis))
    case .slice(let attributes):
      move(try operands.slice(attributes))
    case .split(let axis):
      move(try operands.split(axis: axis))
    case .pack(let axis):
      move(try operands.concatenation(axis: axis, stacks: true))
    case .unpack(let axis):
      move(try operands.split(axis: axis, unstacks: true))
    case .transpose(let permutation):
      move(try operands.transpose(permutation))
    case .pad(let attributes):
      move(try operands.pad(attributes))
    case .gather(let attributes):
      move(try operands.gather(attributes))
    case .resizeNearestNeighbor(let alignCorners, let halfPixelCenters):
      move(
        try operands.resizeNearestNeighbor(
          alignCorners: alignCorners, halfPixelCenters: halfPixelCenters))
    case .spaceToBatch(let attributes):
      move(try operands.spaceToBatch(attributes))
    case .batchToSpace(let attributes):
      move(try operands.batchToSpace(attributes))
    case .spaceToDepth(let block):
      move(try operands.spaceToDepth(block: block))
    case .depthToSpace(let block):
      move(try operands.depthToSpace(block: block))
    case .broadcast:
      move(try operands.broadcast())
    case .tile(let multiples):
      move(try operands.tile(multiples))
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
    case .lstm(let attributes):
      append(try operands.lstm(attributes))
    case .svdf(let attributes):
      append(try operands.svdf(attributes))
    }
  }

  /// Leaves a transpose or reshape at an edge to the host.
  private mutating func takeLayout(_ node: Operator) {
    edges.passThrough(node)
    if let output = node.outputs.first, let twin = layouts.twins[output],
      graph[output].elementType != .float32
    {
      view(twin, as: output, sources: [])
    }
  }

  mutating func append(_ step: LoweredStep) {
    var step = step
    if let reader = current.flatMap({ streams.readers[$0] }) {
      let reading = readingRing(step, reader)
      refusesRings = refusesRings || reading == nil
      step = reading ?? step
    }
    if weights == .smallest { step = step.withNibbles(graph) ?? step }
    for input in step.inputs {
      step.sources += waitingSources.removeValue(forKey: input.index) ?? []
    }
    step.overlap = step.kernel.portableOverlap
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
    if graphOutputs.contains(output), !isComputed(input) {
      append(operands.copy(input, to: output, bytes: from.byteCount))
    } else {
      view(input, as: output, sources: operands.node.sourceIndices)
    }
  }

  /// Appends a step that moves elements, unless a view does.
  private mutating func move(_ step: LoweredStep) {
    if step.isPlainCopy, let input = step.inputs.first, let output = step.outputs.first,
      isComputed(input) || !graphOutputs.contains(output)
    {
      view(input, as: output, sources: step.sources)
    } else {
      append(step)
    }
  }

  /// Whether a step writes a tensor's bytes. Those of inputs and constants must not double as an
  /// output.
  private func isComputed(_ tensor: TensorID) -> Bool {
    producer[result.storage[tensor.index]] != nil
  }

  mutating func view(_ input: TensorID, as output: TensorID, sources: [Int]) {
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
      if let step = try edges.island(operands) {
        append(step)
      } else if let twin = try edges.quantize(operands) {
        view(twin, as: output, sources: [])
      }
      return
    }
    let step = try operands.requantize()
    let keepsType = graph[input].elementType == graph[output].elementType
    if keepsType, operands.keepsScale(input, output),
      !graphOutputs.contains(output) || isComputed(input)
    {
      view(input, as: output, sources: operands.node.sourceIndices)
    } else {
      append(step)
    }
  }

  // MARK: Edges

  private mutating func connectInputs() throws(BlobFormatError) {
    for (index, input) in graph.inputs.enumerated() {
      let layout = layouts.inputs[input]
      addLayout(layout, port: index)
      if let head = edges.head(ofInput: input, port: index) {
        result.hostOperators += head.operators
        let inside = layout.map(\.tensor).flatMap { graph[$0].elementType == .float32 ? nil : $0 }
        addPort(\.inputs, of: input, inside: inside ?? head.tensor, operation: .quantize)
      } else {
        try requirePortable(input, direction: "input")
        addPort(\.inputs, of: input, inside: layout?.tensor ?? input, operation: .none)
      }
    }
  }

  private mutating func connectOutputs() throws(BlobFormatError) {
    for (index, output) in graph.outputs.enumerated() {
      let layout = layouts.outputs[output]
      addLayout(layout, port: index)
      if let tail = try edges.tail(ofOutput: output, port: index) {
        result.hostOperators += tail.operators
        addPort(
          \.outputs, of: output, inside: copiedFromState(layout?.tensor ?? tail.tensor),
          operation: .dequantize)
      } else {
        try requirePortable(output, direction: "output")
        addPort(
          \.outputs, of: output, inside: copiedFromState(layout?.tensor ?? output),
          operation: .none)
      }
    }
  }

  /// Records what the host does to the layout of an input or output.
  private mutating func addLayout(_ edge: EdgeLayouts.Edge?, port: Int) {
    result.hostOperators += (edge?.operators ?? []).map { record in
      var record = record
      record.port = port
      return record
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
