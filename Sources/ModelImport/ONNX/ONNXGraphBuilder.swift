// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The graph that grows while the nodes of a file are read, one after the other.
///
/// Whatever is appended is checked by the graph's own rules at once, so that a problem is known by the
/// node that has it.
final class ONNXGraphBuilder {
  /// The graph so far; interface and operators are in order, outputs are not yet set.
  private(set) var graph: Graph
  /// The name of the node that is read, and its position in the file: what is appended belongs to it.
  var node = (index: 0, name: "", output: "")
  /// The tensors that stand for constants, by these; constants are kept so that none is mistaken for
  /// another.
  private var known: [ObjectIdentifier: (constant: ONNXConstant, id: TensorID)] = [:]
  /// Bytes of constants that may still be made, so that a small file cannot ask for huge ones.
  private var budget = ONNXGraphBuilder.byteLimit

  /// The most bytes that the constants which follow from others may have together.
  static let byteLimit = 1 << 29
  /// The most operators that one file may become.
  static let operatorLimit = 1 << 17

  /// The version of ONNX's own operator set.
  let version: Int

  init(name: String, version: Int) {
    self.version = version
    graph = Graph(name: name, tensors: [], operators: [], inputs: [], outputs: [])
  }

  // MARK: Interface

  /// Declares an input of the graph.
  func input(_ name: String, type: ElementType, shape: Shape) -> ONNXValue {
    let id = declare(Tensor(name: name, shape: shape, elementType: type))
    graph.inputs.append(id)
    return .tensor(id, type: type, shape: shape)
  }

  /// Makes a value an output of the graph. What is an input, a constant or an output already is copied
  /// under its new name.
  func output(_ value: ONNXValue, named name: String) throws(ONNXProblem) {
    let id = try tensor(of: value)
    let isComputed = !graph.inputs.contains(id) && graph[id].constant == nil
    if isComputed, !graph.outputs.contains(id) {
      graph[id].name = name
      return graph.outputs.append(id)
    }
    let copy = try append(.reshape, [value], shape: value.shape)
    let output = try tensor(of: copy)
    graph[output].name = name
    graph.outputs.append(output)
  }

  /// Gives the tensors that the current node made, from `first` on, their names in the file.
  func name(_ value: ONNXValue, _ name: String, ifMadeAfter first: Int) {
    guard case .tensor(let id, _, _) = value, id.index >= first else { return }
    graph[id].name = name
  }

  // MARK: Operators

  /// Appends an operator with one output.
  ///
  /// - Parameters:
  ///   - kind: What it computes.
  ///   - inputs: Its operands, `nil` where an optional one is left out.
  ///   - type: The type of the result; that of the first operand if not given.
  ///   - shape: The shape of the result, needed where the output's shape rules; else it is inferred.
  ///   - quantization: How the result's integers stand for reals.
  /// - Returns: The result.
  func append(
    _ kind: OperatorKind, _ inputs: [ONNXValue?], type: ElementType? = nil, shape: Shape? = nil,
    quantization: QuantizationParameters? = nil
  ) throws(ONNXProblem) -> ONNXValue {
    let type = type ?? inputs.first.flatMap { $0?.type } ?? .float32
    let output = Tensor(
      name: node.output, shape: shape ?? [1], elementType: type, quantization: quantization)
    let values = try append(kind, inputs, outputs: [output])
    guard let value = values.first else { throw .damaged("it has no output") }
    return value
  }

  /// Appends an operator with any number of outputs.
  ///
  /// - Parameter outputs: The results; shapes count only where the outputs' shapes rule.
  /// - Returns: The results, with inferred shapes.
  func append(
    _ kind: OperatorKind, _ inputs: [ONNXValue?], outputs: [Tensor]
  ) throws(ONNXProblem) -> [ONNXValue] {
    guard graph.operators.count < Self.operatorLimit else {
      throw .unsupported(
        reason: "the network has more than \(Self.operatorLimit) operators",
        remedy: "export a smaller network")
    }
    var operands: [TensorID?] = []
    for input in inputs {
      guard let input else {
        operands.append(nil)
        continue
      }
      operands.append(try tensor(of: input))
    }
    for output in outputs { try check(output.shape) }
    let ids = outputs.map(declare)
    graph.operators.append(
      Operator(
        kind: kind, name: node.name, inputs: operands, outputs: ids, sourceIndices: [node.index]))
    return try inferShapes(of: graph.operators.count - 1)
  }

  private func inferShapes(of index: Int) throws(ONNXProblem) -> [ONNXValue] {
    let shapes: [Shape]
    do throws(ModelGraphError) {
      shapes = try graph.inferredOutputShapes(of: index)
    } catch {
      guard case .illegalOperator(_, _, _, let reason, let remedy) = error else {
        throw .damaged("\(error)")
      }
      throw .unsupported(reason: reason, remedy: remedy)
    }
    var values: [ONNXValue] = []
    for (id, shape) in zip(graph.operators[index].outputs, shapes) {
      try check(shape)
      graph[id].shape = shape
      values.append(.tensor(id, type: graph[id].elementType, shape: shape))
    }
    return values
  }

  /// Requires a shape to be one that tensors of a graph can have.
  func check(_ shape: Shape) throws(ONNXProblem) {
    _ = try ONNXDimensions.elementCount(of: shape.dimensions)
    guard !shape.dimensions.contains(0) else {
      throw .unsupported(
        reason: "a tensor of shape \(shape.dimensions) has no elements",
        remedy: "remove what works on empty tensors from the model")
    }
  }

  /// A tensor of integers that stand for reals. Where it was said already that they stand for others,
  /// a copy.
  func quantized(
    _ value: ONNXValue, _ parameters: QuantizationParameters
  ) throws(ONNXProblem) -> ONNXValue {
    let id = try tensor(of: value)
    if let known = graph[id].quantization, known != parameters {
      return try append(.reshape, [value], shape: value.shape, quantization: parameters)
    }
    graph[id].quantization = parameters
    return value
  }

  /// The operator that computes a value at run time, if it is one of the last ones.
  func operation(computing value: ONNXValue) -> Operator? {
    guard case .tensor(let id, _, _) = value else { return nil }
    return graph.operators.suffix(Self.memory).last { $0.outputs.contains(id) }
  }

  /// How far back ``operation(computing:)`` looks.
  private static let memory = 16

  // MARK: Constants

  /// The tensor that stands for a value; constants are put into the graph at their first use.
  func tensor(of value: ONNXValue) throws(ONNXProblem) -> TensorID {
    switch value {
    case .tensor(let id, _, _): return id
    case .constant(let constant):
      if let known = known[ObjectIdentifier(constant)] { return known.id }
      let id = try declared(constant)
      known[ObjectIdentifier(constant)] = (constant, id)
      return id
    }
  }

  /// Puts a constant into the graph. One that means the reals behind its integers is dequantized there.
  private func declared(_ constant: ONNXConstant) throws(ONNXProblem) -> TensorID {
    try check(Shape(constant.dimensions))
    if let quantization = constant.quantization {
      let stored = declare(
        Tensor(
          name: node.output, shape: Shape(constant.dimensions), elementType: constant.elementType,
          quantization: quantization, constant: constant.packedBytes))
      let values = try append(
        .dequantize,
        [.tensor(stored, type: constant.elementType, shape: Shape(constant.dimensions))],
        type: .float32)
      return try tensor(of: values)
    }
    try requireFinite(constant)
    return declare(
      Tensor(
        name: node.output, shape: Shape(constant.dimensions), elementType: constant.elementType,
        constant: constant.packedBytes))
  }

  private func requireFinite(_ constant: ONNXConstant) throws(ONNXProblem) {
    guard let floats = constant.floats, let index = floats.firstIndex(where: { !$0.isFinite })
    else { return }
    throw .unsupported(
      reason: "element \(index) of a constant of shape \(constant.dimensions) is \(floats[index])",
      remedy: "train or export the model again: weights must be finite numbers")
  }

  /// Takes bytes of a constant that is about to be made from the budget.
  func charge(_ byteCount: Int) throws(ONNXProblem) {
    guard byteCount <= budget else {
      throw .unsupported(
        reason: "constants that follow from others have more than \(Self.byteLimit) bytes together",
        remedy: "export the model with smaller constants")
    }
    budget -= byteCount
  }

  private func declare(_ tensor: Tensor) -> TensorID {
    graph.tensors.append(tensor)
    return TensorID(graph.tensors.count - 1)
  }
}
