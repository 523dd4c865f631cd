// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A float network in the form in which it is quantized: every layer has weights and a bias of its
/// own, pooling of a whole image is a mean (whose result may have a scale of its own), and every
/// operator is one that integers can compute.
struct PreparedNetwork: Sendable {
  private(set) var graph: Graph
  /// The layers with weights, in execution order.
  private(set) var layers: [WeightedLayer] = []
  /// For each operator its layer, if it is one.
  private(set) var layerOfOperator: [Int: Int] = [:]
  /// Type of the quantized activations, but for those of ``wideOperators``.
  let type: ElementType
  /// Operators whose activations are int16 although ``type`` is int8.
  private var wideOperators: Set<Int> = []
  /// Operators that only convert between widths: in floats they change nothing.
  private(set) var widthConversions: Set<Int> = []
  /// The results of ``wideOperators``, and what is converted for them.
  private var wideTensors: Set<TensorID> = []

  /// Prepares a network.
  ///
  /// - Parameter wideResults: Positions in the model file of operators whose results are int16 in any
  ///   case.
  init(
    _ graph: Graph, type: ElementType, wideResults: Set<Int> = []
  ) throws(QuantizationError) {
    self.type = type
    do throws(ModelGraphError) {
      self.graph = try graph.applying([DeadCodeRemoval()])
    } catch {
      throw .illegalGraph(error.description)
    }
    try checkInterface()
    try checkConstants()
    replaceGlobalPools()
    replaceSingleChannels()
    if type == .int8, !wideResults.isEmpty { try widen(wideResults) }
    try checkOperators()
    try collectLayers()
  }

  /// The rule of the operator at `index`.
  func rule(of index: Int) -> ScaleRule {
    guard !widthConversions.contains(index) else { return .own }
    let operation = graph.operators[index]
    return ScaleRule(
      operation.kind, inputCount: operation.inputs.count, type: type(ofOperator: index))
  }

  /// The type of an operator's activations; of a conversion's result, that of what it converts to.
  func type(ofOperator index: Int) -> ElementType {
    wideOperators.contains(index) ? .int16 : type
  }

  /// The type of an activation.
  func type(of id: TensorID) -> ElementType { wideTensors.contains(id) ? .int16 : type }

  /// Whether a tensor is computed or given at run time, in floats.
  func isActivation(_ id: TensorID) -> Bool {
    graph[id].elementType == .float32 && graph[id].constant == nil
  }

  /// Where an operator stands in the model file.
  func position(of index: Int) -> Int { graph.operators[index].sourceIndices.first ?? index }

  /// The same network with other weights and biases.
  mutating func replaceConstants(_ constants: [TensorID: [Float]]) {
    for (id, values) in constants {
      graph[id].constant = littleEndianBytes(values.map(\.bitPattern))
    }
  }

  /// Gives an activation another number of channels.
  mutating func resize(_ activation: TensorID, channels: Int) {
    graph.resize(activation, channels: channels)
  }

  /// Gives a layer weights and biases of another number.
  ///
  /// - Parameter filter: As they lie in the tensor, of that shape.
  mutating func resize(layer number: Int, filter: [Float], shape: Shape, bias: [Float]) {
    layers[number].rows = bias.count
    layers[number].columns = filter.count / max(1, bias.count)
    graph[layers[number].filter].shape = shape
    graph[layers[number].bias].shape = [bias.count]
    replaceConstants([layers[number].filter: filter, layers[number].bias: bias])
  }

  /// The values of a layer's filter, as they lie in its tensor.
  func filter(of layer: WeightedLayer) -> [Float] { graph[layer.filter].floats ?? [] }

  /// The values of a layer's bias.
  func bias(of layer: WeightedLayer) -> [Float] { graph[layer.bias].floats ?? [] }
}

// MARK: Checks

extension PreparedNetwork {
  private func checkInterface() throws(QuantizationError) {
    for input in graph.inputs where graph[input].elementType != .float32 {
      throw .notFloat(
        tensor: graph[input].name, type: graph[input].elementType.rawValue)
    }
    if let tensor = graph.tensors.first(where: { $0.quantization != nil }) {
      throw .notFloat(tensor: tensor.name, type: tensor.elementType.rawValue)
    }
  }

  private func checkConstants() throws(QuantizationError) {
    for (index, operation) in graph.operators.enumerated() {
      for case let input? in operation.inputs {
        guard let values = graph[input].floats else { continue }
        guard values.allSatisfy(\.isFinite) else {
          throw .constantNotFinite(
            position: position(of: index), kind: operation.kind.label, name: operation.name,
            tensor: graph[input].name)
        }
        guard values.allSatisfy({ abs($0) < Self.magnitudeLimit }) else {
          throw .rangeTooWide(
            position: position(of: index), kind: operation.kind.label, name: operation.name,
            tensor: graph[input].name)
        }
      }
    }
  }

  /// Beyond this, products of scales leave what float32 holds.
  private static let magnitudeLimit: Float = 1e18

  private func checkOperators() throws(QuantizationError) {
    for (index, operation) in graph.operators.enumerated() {
      if case .unsupported(let reason, let remedy) = rule(of: index) {
        throw unsupported(index, reason, remedy)
      }
      let isFloat = operation.outputs.contains { graph[$0].elementType == .float32 }
      if type(ofOperator: index) == .int16, isFloat, !widthConversions.contains(index),
        !ScaleRule.supportsInt16(operation.kind)
      {
        throw unsupported(
          index, "there is no kernel for it with int16 activations",
          "Quantize the model with int8 activations.")
      }
    }
  }

  private func unsupported(
    _ index: Int, _ reason: String, _ remedy: String
  ) -> QuantizationError {
    let operation = graph.operators[index]
    return .unsupportedOperator(
      position: position(of: index), kind: operation.kind.label, name: operation.name,
      reason: reason, remedy: remedy)
  }
}

// MARK: Form

extension PreparedNetwork {
  /// Gives results int16, and converts where widths meet.
  private mutating func widen(_ positions: Set<Int>) throws(QuantizationError) {
    let widths = try widths(positions)
    var operators: [Operator] = []
    var converted: [TensorID: TensorID] = [:]
    for (index, operation) in graph.operators.enumerated() {
      guard widths.operators.contains(index) else {
        operators.append(operation)
        continue
      }
      var operation = operation
      for (position, input) in operation.inputs.enumerated() {
        guard let input, isActivation(input), !widths.results.contains(input) else { continue }
        if converted[input] == nil {
          let wide = copy(of: input, named: "/int16")
          converted[input] = wide
          convert(input, to: wide, for: operation, in: &operators)
          wideOperators.insert(operators.count - 1)
        }
        operation.inputs[position] = converted[input]
      }
      let narrow = operation.outputs.filter { isActivation($0) && !widths.results.contains($0) }
      operation.outputs = operation.outputs.map {
        narrow.contains($0) ? copy(of: $0, named: "/int16") : $0
      }
      operators.append(operation)
      wideOperators.insert(operators.count - 1)
      wideTensors.formUnion(operation.outputs.filter(isActivation))
      for (wide, output) in zip(operation.outputs, graph.operators[index].outputs)
      where wide != output {
        convert(wide, to: output, for: operation, in: &operators)
      }
    }
    wideTensors.formUnion(converted.values)
    graph.operators = operators
  }

  private mutating func copy(of id: TensorID, named suffix: String) -> TensorID {
    var tensor = graph[id]
    tensor.name += suffix
    graph.tensors.append(tensor)
    return TensorID(graph.tensors.count - 1)
  }

  private mutating func convert(
    _ input: TensorID, to output: TensorID, for operation: Operator, in operators: inout [Operator]
  ) {
    operators.append(
      Operator(
        kind: .reshape, name: graph[output].name, inputs: [input], outputs: [output],
        sourceIndices: operation.sourceIndices))
    widthConversions.insert(operators.count - 1)
  }

  /// An average over the only place of its window becomes a mean, behind a slice if the window leaves
  /// rows or columns out.
  private mutating func replaceGlobalPools() {
    var operators: [Operator] = []
    for operation in graph.operators {
      guard case .averagePool2D(let attributes) = operation.kind, attributes.activation == .none,
        let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
        graph[output].shape[1] == 1, graph[output].shape[2] == 1,
        !attributes.pads(graph[input].shape)
      else {
        operators.append(operation)
        continue
      }
      var mean = operation
      mean.kind = .reduce(ReduceAttributes(function: .mean, axes: [1, 2], keepsDimensions: true))
      let seen = graph[input].shape.replacingImage(by: attributes.window)
      if seen != graph[input].shape {
        operators.append(slice(of: input, to: seen, for: operation))
        mean.inputs = [operators.last?.outputs.first]
      }
      operators.append(mean)
    }
    graph.operators = operators
  }

  private mutating func slice(
    of input: TensorID, to shape: Shape, for operation: Operator
  ) -> Operator {
    let name = operation.name + "/window"
    graph.tensors.append(Tensor(name: name, shape: shape, elementType: .float32))
    return Operator(
      kind: .slice(
        SliceAttributes(
          begin: [Int](repeating: 0, count: shape.rank), size: shape.dimensions)),
      name: name, inputs: [input], outputs: [TensorID(graph.tensors.count - 1)],
      sourceIndices: operation.sourceIndices)
  }

  /// A depthwise convolution of one channel becomes a convolution, whose kernels are faster and read four
  /// bits.
  private mutating func replaceSingleChannels() {
    for (index, operation) in graph.operators.enumerated() {
      guard case .depthwiseConv2D(let attributes) = operation.kind, operation.inputs.count > 1,
        let input = operation.inputs[0], let filter = operation.inputs[1],
        graph[input].shape[3] == 1, let weights = graph[filter].floats
      else { continue }
      let shape = graph[filter].shape
      let taps = shape[1] * shape[2]
      let outputs = shape[3]
      let transposed = (0..<weights.count).map {
        weights[$0 % taps * outputs + $0 / taps].bitPattern
      }
      graph.operators[index].inputs[1] = addConstant(
        named: graph[filter].name, [outputs, shape[1], shape[2], 1], littleEndianBytes(transposed))
      graph.operators[index].kind = .conv2D(
        Conv2DAttributes(
          stride: attributes.stride, dilation: attributes.dilation, padding: attributes.padding,
          activation: attributes.activation))
    }
  }

  private mutating func collectLayers() throws(QuantizationError) {
    for index in graph.operators.indices {
      guard let form = WeightedLayer.Form(graph.operators[index].kind) else { continue }
      let operation = graph.operators[index]
      guard operation.inputs.count >= 2, let input = operation.inputs[0],
        let filter = operation.inputs[1], let output = operation.outputs.first,
        isActivation(input)
      else {
        throw unsupported(index, "its input is a constant", "Fold it before quantizing.")
      }
      guard graph[filter].floats != nil else {
        throw unsupported(
          index, "its weights are computed at run time",
          "Freeze the model's variables before exporting it.")
      }
      try append(form, index, input: input, filter: filter, output: output)
    }
  }

  private mutating func append(
    _ form: WeightedLayer.Form, _ index: Int, input: TensorID, filter: TensorID, output: TensorID
  ) throws(QuantizationError) {
    let shape = graph[filter].shape
    let rows = form.isDepthwise ? shape[3] : shape[0]
    let inputs = graph.operators[index].inputs
    let bias = inputs.count > 2 ? inputs[2] : nil
    if let bias, graph[bias].floats == nil {
      throw unsupported(
        index, "its bias is computed at run time",
        "Freeze the model's variables before exporting it.")
    }
    let ownFilter = addConstant(named: graph[filter].name, shape, graph[filter].constant)
    let ownBias = addConstant(
      named: bias.map { graph[$0].name } ?? graph[output].name + "/bias", [rows],
      bias.flatMap { graph[$0].constant } ?? [UInt8](repeating: 0, count: 4 * rows))
    graph.operators[index].inputs = [input, ownFilter, ownBias]
    layerOfOperator[index] = layers.count
    layers.append(
      WeightedLayer(
        index: index, form: form, input: input, filter: ownFilter, bias: ownBias, output: output,
        rows: rows, columns: shape.elementCount / rows))
  }

  private mutating func addConstant(
    named name: String, _ shape: Shape, _ bytes: [UInt8]?
  ) -> TensorID {
    graph.tensors.append(
      Tensor(name: name, shape: shape, elementType: .float32, constant: bytes))
    return TensorID(graph.tensors.count - 1)
  }
}

extension WeightedLayer.Form {
  fileprivate init?(_ kind: OperatorKind) {
    switch kind {
    case .conv2D(let attributes): self = .convolution(attributes)
    case .depthwiseConv2D(let attributes): self = .depthwise(attributes)
    case .fullyConnected(let attributes): self = .fullyConnected(attributes)
    case .transposeConv(let attributes): self = .transposed(attributes)
    default: return nil
    }
  }

  fileprivate var isDepthwise: Bool {
    if case .depthwise = self { true } else { false }
  }
}

extension Pool2DAttributes {
  /// Whether its window reaches beyond the image.
  fileprivate func pads(_ image: Shape) -> Bool {
    !PaddingAmounts(
      padding, input: Spatial(height: image[1], width: image[2]), kernel: window, stride: stride
    ).isNone
  }
}

extension Shape {
  /// The same batch and channels with another image.
  fileprivate func replacingImage(by size: Spatial) -> Shape {
    [self[0], size.height, size.width, self[3]]
  }
}
