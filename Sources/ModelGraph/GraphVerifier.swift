// SPDX-License-Identifier: Apache-2.0

/// The checks behind ``Graph/verify()``, one function each.
struct GraphVerifier {
  let graph: Graph

  func verify() throws(ModelGraphError) {
    try verifyIndices()
    for index in graph.tensors.indices { try verifyTensor(index) }
    try verifyInterface()
    try verifyOrder()
    for index in graph.operators.indices { try verifyOperator(index) }
  }

  func inferredOutputShapes(of index: Int) throws(ModelGraphError) -> [Shape] {
    let semantics = graph.operators[index].kind.semantics
    do throws(OperatorProblem) {
      try checkCounts(graph.operators[index], semantics)
      let operands = graph.operands(of: index)
      try semantics.check(operands)
      return try semantics.outputShapes(operands)
    } catch {
      throw located(error, index)
    }
  }
}

// MARK: Tensors

extension GraphVerifier {
  private func verifyTensor(_ index: Int) throws(ModelGraphError) {
    let tensor = graph.tensors[index]
    let dimensionLimit = Graph.elementLimit
    guard tensor.shape.rank <= Graph.rankLimit else {
      throw problem(
        index, "it has \(tensor.shape.rank) dimensions; the limit is \(Graph.rankLimit)")
    }
    guard let count = tensor.shape.elementCount(atMost: dimensionLimit) else {
      throw problem(
        index,
        "its shape is \(tensor.shape); dimensions must be at least 1, and their product at "
          + "most \(dimensionLimit)")
    }
    let byteCount = tensor.elementType.byteCount(of: count)
    if let constant = tensor.constant, constant.count != byteCount {
      throw problem(
        index,
        "it has \(constant.count) bytes of data, but its shape \(tensor.shape) of "
          + "\(tensor.elementType.rawValue) needs \(byteCount)")
    }
    try verifyInitialValue(of: tensor, index, byteCount: byteCount)
    if let quantization = tensor.quantization {
      try verifyQuantization(quantization, of: tensor, index)
    }
  }

  private func verifyInitialValue(
    of tensor: Tensor, _ index: Int, byteCount: Int
  ) throws(ModelGraphError) {
    guard !tensor.isVariable || tensor.constant == nil else {
      throw problem(index, "it is constant and a variable at once")
    }
    guard let value = tensor.initialValue else { return }
    guard tensor.isVariable, value.count == byteCount else {
      throw problem(
        index,
        tensor.isVariable
          ? "it has \(value.count) bytes of initial value, but its shape \(tensor.shape) of "
            + "\(tensor.elementType.rawValue) needs \(byteCount)"
          : "it has an initial value, but is no variable")
    }
  }

  private func verifyQuantization(
    _ quantization: QuantizationParameters, of tensor: Tensor, _ index: Int
  ) throws(ModelGraphError) {
    let scales = quantization.scales
    guard let range = tensor.elementType.quantizedRange else {
      throw problem(index, "it is \(tensor.elementType.rawValue), but has quantization parameters")
    }
    guard !scales.isEmpty, quantization.zeroPoints.count == scales.count else {
      throw problem(
        index, "it has \(scales.count) scales, but \(quantization.zeroPoints.count) zero points")
    }
    if scales.count > 1 {
      let dimensions = tensor.shape.dimensions
      guard dimensions.indices.contains(quantization.axis),
        dimensions[quantization.axis] == scales.count
      else {
        throw problem(
          index,
          "it has \(scales.count) scales along dimension \(quantization.axis) of shape "
            + "\(tensor.shape)")
      }
    }
    if let scale = scales.first(where: { !($0.isFinite && $0 > 0) }) {
      throw problem(index, "a scale is \(scale), but must be positive and finite")
    }
    if let zeroPoint = quantization.zeroPoints.first(where: { !range.contains($0) }) {
      throw problem(
        index,
        "a zero point is \(zeroPoint), but must lie in \(range.lowerBound) ... "
          + "\(range.upperBound), the range of \(tensor.elementType.rawValue)")
    }
  }

  private func problem(
    _ index: Int, _ reason: String,
    remedy: String = "the model is damaged or unusual; export it again"
  ) -> ModelGraphError {
    .illegalTensor(
      TensorID(index), name: graph.tensors[index].name, reason: reason, remedy: remedy)
  }
}

// MARK: Connections

extension GraphVerifier {
  private func verifyIndices() throws(ModelGraphError) {
    for id in graph.inputs { try verify(id, user: "the list of inputs") }
    for id in graph.outputs { try verify(id, user: "the list of outputs") }
    for (index, operation) in graph.operators.enumerated() {
      for case let id? in operation.inputs {
        try verify(id, user: "operator \(index), \(operation.kind.label)")
      }
      for id in operation.outputs {
        try verify(id, user: "operator \(index), \(operation.kind.label)")
      }
    }
  }

  private func verify(_ id: TensorID, user: String) throws(ModelGraphError) {
    guard graph.tensors.indices.contains(id.index) else {
      throw .danglingTensor(id, tensorCount: graph.tensors.count, user: user)
    }
  }

  private func verifyInterface() throws(ModelGraphError) {
    guard !graph.inputs.isEmpty, !graph.outputs.isEmpty else {
      throw .illegalInterface(
        reason: "it has \(graph.inputs.count) inputs and \(graph.outputs.count) outputs, but needs "
          + "at least one of each",
        remedy: "export the model with its inputs and outputs")
    }
    for (ids, what) in [(graph.inputs, "input"), (graph.outputs, "output")] {
      var seen = Set<TensorID>()
      for id in ids where !seen.insert(id).inserted {
        throw .illegalInterface(
          reason: "tensor \(id.index) is listed twice as \(what)",
          remedy: "list each tensor once")
      }
    }
    for id in graph.inputs where graph[id].constant != nil || graph[id].isVariable {
      throw problem(id.index, "it is an input of the graph, but has a value of its own")
    }
  }

  /// Every tensor is written once, and before it is read.
  private func verifyOrder() throws(ModelGraphError) {
    var isDefined = graph.tensors.map { $0.constant != nil || $0.isVariable }
    for id in graph.inputs { isDefined[id.index] = true }
    var isComputed = [Bool](repeating: false, count: graph.tensors.count)
    for (index, operation) in graph.operators.enumerated() {
      for case let id? in operation.inputs where !isDefined[id.index] {
        throw located(
          OperatorProblem(
            "it reads tensor \(id.index) (\(graph[id].name.abbreviatedForMessage)) before anything "
              + "has written it"), index)
      }
      for id in operation.outputs {
        guard !isDefined[id.index] else {
          throw located(
            OperatorProblem(
              "it writes tensor \(id.index) (\(graph[id].name.abbreviatedForMessage)), which already "
                + "has a value"), index)
        }
        isDefined[id.index] = true
        isComputed[id.index] = true
      }
    }
    for id in graph.outputs where !isComputed[id.index] {
      throw problem(
        id.index, "it is an output of the graph, but no operator computes it",
        remedy: "export the model with the outputs that it computes")
    }
  }
}

// MARK: Operators

extension GraphVerifier {
  private func verifyOperator(_ index: Int) throws(ModelGraphError) {
    let inferred = try inferredOutputShapes(of: index)
    for (id, shape) in zip(graph.operators[index].outputs, inferred)
    where graph[id].shape != shape {
      throw located(
        OperatorProblem(
          "its output is declared as \(graph[id].shape), but its inputs make it \(shape)"), index)
    }
  }

  private func checkCounts(
    _ operation: Operator, _ semantics: any OperatorSemantics
  ) throws(OperatorProblem) {
    let required = semantics.requiredInputCount
    let most = semantics.inputCountLimit
    guard (required...most).contains(operation.inputs.count) else {
      throw OperatorProblem(
        "it has \(operation.inputs.count) inputs, but takes "
          + (required == most ? "\(most)" : "\(required) to \(most)"))
    }
    for (position, input) in operation.inputs.prefix(required).enumerated() where input == nil {
      let role = Operands.role(position, of: semantics.inputRoles)
      throw OperatorProblem("\(role) is missing")
    }
    try checkVariables(operation, semantics)
    guard semantics.outputCounts.contains(operation.outputs.count) else {
      let (least, most) = (semantics.outputCounts.lowerBound, semantics.outputCounts.upperBound)
      throw OperatorProblem(
        "it has \(operation.outputs.count) outputs, but gives "
          + (least == most ? "\(most)" : "\(least) to \(most)"))
    }
  }

  /// Variables stand where the operator expects them, and nowhere else.
  private func checkVariables(
    _ operation: Operator, _ semantics: any OperatorSemantics
  ) throws(OperatorProblem) {
    let expected = semantics.variableInputs
    for (position, input) in operation.inputs.enumerated() {
      guard let input, graph[input].isVariable != expected.contains(position) else { continue }
      let role = Operands.role(position, of: semantics.inputRoles)
      throw OperatorProblem(
        graph[input].isVariable
          ? "\(role) is a variable, which has to be read first"
          : "\(role) must be a tensor that keeps its value between inferences")
    }
  }

  private func located(_ problem: OperatorProblem, _ index: Int) -> ModelGraphError {
    let operation = graph.operators[index]
    return .illegalOperator(
      index: operation.sourceIndices.first ?? index, kind: operation.kind.label,
      name: operation.name, reason: problem.reason,
      remedy: problem.remedy)
  }
}
