// SPDX-License-Identifier: Apache-2.0

/// One pass over a graph that builds its integer form, operator by operator.
struct QuantizedOperatorFormer {
  /// The graph as it was, with unsigned tensors made signed.
  let source: Graph
  /// Who reads what in ``source``.
  let readers: [TensorID: [Int]]
  /// The tensors of the result: those of ``source``, and new ones behind them.
  var tensors: [Tensor]
  /// The operators of the result so far.
  var operators: [Operator] = []
  /// The integers that stand for float tensors.
  var twins: [TensorID: TensorID] = [:]
  /// Positions in the file of the operators through which a twin came about.
  var twinSources: [TensorID: [Int]] = [:]
  /// Operators of ``source`` that another one has taken over: clamps behind it.
  var absorbed = Set<Int>()
  /// Integer tensors of ``source`` for which others stand.
  private var aliases: [TensorID: TensorID] = [:]
  /// Float tensors that an operator of the result computes.
  private var written = Set<TensorID>()
  /// Integers at other scales, by what they were.
  private var converted: [Conversion: TensorID] = [:]

  /// A tensor at another scale.
  private struct Conversion: Hashable {
    var tensor: TensorID
    var format: IntegerFormat
  }

  init(_ graph: Graph) {
    source = graph.withSignedTensors
    readers = source.consumers
    tensors = source.tensors
  }

  /// The integer form of the graph; operators that nothing reads are still in it.
  mutating func formed() -> Graph {
    for index in source.operators.indices { form(index) }
    for output in source.outputs where tensors[output.index].elementType == .float32 {
      materialize(output)
    }
    var graph = source
    graph.tensors = tensors
    graph.operators = operators
    nameOutputs(&graph)
    return graph
  }

  // MARK: Operators

  private mutating func form(_ index: Int) {
    let operation = source.operators[index]
    if absorbed.contains(index) {
      if let input = operation.inputs.first ?? nil { twins[operation.outputs[0]] = twins[input] }
    } else if operation.kind == .dequantize {
      dequantize(operation)
    } else if operation.kind == .quantize {
      quantize(operation)
    } else if !formIntegers(operation) {
      keep(operation)
    }
  }

  /// Appends the integer form of an operator, if it has one here.
  private mutating func formIntegers(_ operation: Operator) -> Bool {
    switch operation.kind {
    case .conv2D, .fullyConnected, .transposeConv: formWeighted(operation, weightAxis: 0)
    case .depthwiseConv2D: formWeighted(operation, weightAxis: 3)
    case .averagePool2D, .resizeBilinear: formAveraging(operation)
    case .reduce(let attributes):
      switch attributes.function {
      case .mean, .sum: formFree(operation)
      case .maximum, .minimum: formMoving(operation)
      }
    case .add, .batchMatMul, .prelu: formFree(operation)
    case .binary(let function):
      switch function {
      case .maximum, .minimum: formJoining(operation)
      case .divide, .multiply, .subtract, .squaredDifference: formFree(operation)
      }
    case .concatenation, .pack, .select: formJoining(operation)
    case .softmax, .logSoftmax, .l2Normalization: formFixed(operation)
    case .unary(let function): formUnary(operation, function)
    case .argMax, .compare: formReading(operation)
    default: Self.moves(operation.kind) ? formMoving(operation) : false
    }
  }

  private mutating func dequantize(_ operation: Operator) {
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first else {
      return
    }
    let integers = aliases[input] ?? input
    guard tensors[integers.index].constant != nil || IntegerFormat(tensors[integers.index]) != nil
    else { return keep(operation) }
    twins[output] = integers
    twinSources[output] = operation.sourceIndices
  }

  private mutating func quantize(_ operation: Operator) {
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first else {
      return
    }
    guard let twin = twins[input], tensors[twin.index].constant == nil else {
      return keep(operation)
    }
    let (have, want) = (tensors[twin.index], tensors[output.index])
    if have.elementType == want.elementType, have.quantization == want.quantization {
      aliases[output] = twin
    } else if want.quantization?.isPerTensor == true || want.elementType == .uint8 {
      operators.append(
        Operator(
          kind: .quantize, name: operation.name, inputs: [twin], outputs: [output],
          sourceIndices: operation.sourceIndices))
    } else {
      keep(operation)
    }
  }

  /// Appends a float operator as it is. If its result is quantized anyway, that happens at once, so
  /// that what moves the result works on integers.
  private mutating func keep(_ operation: Operator) {
    var kept = operation
    kept.inputs = operation.inputs.map { input in
      guard let input else { return nil }
      if tensors[input.index].elementType == .float32 { materialize(input) }
      return aliases[input] ?? input
    }
    operators.append(kept)
    written.formUnion(kept.outputs)
    guard operation.kind != .quantize, operation.kind != .dequantize,
      operation.outputs.count == 1, tensors[operation.outputs[0].index].elementType == .float32,
      let target = target(of: operation)
    else { return }
    let integers = declare(operation.outputs[0], target.format)
    operators.append(
      Operator(
        kind: .quantize, name: operation.name, inputs: [operation.outputs[0]], outputs: [integers],
        sourceIndices: target.sources))
    twins[operation.outputs[0]] = integers
  }

  // MARK: Tensors

  /// Makes sure that a float tensor exists in the result.
  mutating func materialize(_ id: TensorID) {
    guard let twin = twins[id], written.insert(id).inserted else { return }
    if let reals = tensors[twin.index].dequantizedConstant {
      tensors[id.index].constant = reals.map(Float.init).withUnsafeBytes { [UInt8]($0) }
    } else {
      operators.append(
        Operator(
          kind: .dequantize, name: tensors[id.index].name, inputs: [twin], outputs: [id],
          sourceIndices: twinSources[id] ?? []))
    }
  }

  /// A new tensor of integers, of the shape and name of a float tensor.
  mutating func declare(_ model: TensorID, _ format: IntegerFormat) -> TensorID {
    var tensor = tensors[model.index]
    tensor.elementType = format.type
    tensor.quantization = format.quantization
    tensor.constant = nil
    return append(tensor)
  }

  /// A new tensor.
  mutating func append(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }

  /// The integers that stand for a float tensor that is computed at run time, signed; `nil` if there
  /// are none.
  mutating func activation(_ id: TensorID?) -> TensorID? {
    guard let id, let twin = twins[id], tensors[twin.index].constant == nil,
      let format = IntegerFormat(tensors[twin.index])
    else { return nil }
    return converted(twin, to: format.signed)
  }

  /// Integers at another scale, or of another type.
  mutating func converted(_ id: TensorID, to format: IntegerFormat) -> TensorID {
    if IntegerFormat(tensors[id.index]) == format { return id }
    let key = Conversion(tensor: id, format: format)
    if let known = converted[key] { return known }
    let result = declare(id, format)
    operators.append(
      Operator(
        kind: .quantize, name: tensors[id.index].name, inputs: [id], outputs: [result],
        sourceIndices: operators.last { $0.outputs.contains(id) }?.sourceIndices ?? []))
    converted[key] = result
    return result
  }

  /// Gives outputs of the graph that others stand for these as outputs, under their own names.
  private func nameOutputs(_ graph: inout Graph) {
    var taken = Set(source.inputs + source.outputs)
    for (position, output) in source.outputs.enumerated() {
      guard let alias = aliases[output] else { continue }
      if taken.insert(alias).inserted {
        graph.tensors[alias.index].name = graph.tensors[output.index].name
        graph.outputs[position] = alias
      } else {
        graph.operators.append(
          Operator(
            kind: .reshape, name: graph[output].name, inputs: [alias], outputs: [output],
            sourceIndices: graph.operators.last { $0.outputs.contains(alias) }?.sourceIndices ?? [])
        )
      }
    }
  }
}
