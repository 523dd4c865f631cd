// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Makes the graph of integers.
struct QuantizedGraphBuilder {
  private let network: PreparedNetwork
  private let plan: ScalePlan
  private let layers: [QuantizedLayer]
  private var graph: Graph
  private var operators: [Operator] = []
  /// For each operator of the result the one of the prepared network; `nil` for conversions.
  private(set) var origins: [Int?] = []

  init(_ network: PreparedNetwork, plan: ScalePlan, layers: [QuantizedLayer]) {
    self.network = network
    self.plan = plan
    self.layers = layers
    graph = network.graph
  }

  /// The verified graph.
  mutating func build() throws(QuantizationError) -> Graph {
    for index in graph.tensors.indices {
      let id = TensorID(index)
      guard network.isActivation(id), let parameters = plan.parameters(of: id) else { continue }
      graph.tensors[index].elementType = network.type(of: id)
      graph.tensors[index].quantization = parameters
    }
    for (number, layer) in network.layers.enumerated() { setConstants(of: layer, layers[number]) }
    let operands = Dictionary(grouping: ConstantOperand.all(of: network), by: \.operatorIndex)
    for index in network.graph.operators.indices {
      append(index, constants: operands[index] ?? [])
    }
    graph.operators = operators
    do throws(ModelGraphError) {
      // Leaves the float constants behind, and verifies.
      try graph.apply([DeadCodeRemoval()])
    } catch {
      throw .illegalGraph(error.description)
    }
    return graph
  }

  // MARK: Operators

  private mutating func append(_ index: Int, constants: [ConstantOperand]) {
    var operation = network.graph.operators[index]
    for use in constants { operation.inputs[use.input] = quantizedConstant(use) }
    for position in operation.inputs.indices {
      let conversion = ScaleGroups.Conversion(operatorIndex: index, input: position)
      guard plan.groups.conversions.contains(conversion), let input = operation.inputs[position],
        let output = operation.outputs.first
      else { continue }
      operation.inputs[position] = convert(input, to: output, for: operation)
    }
    quantizePadding(of: &operation, index)
    let convertsWidth = network.widthConversions.contains(index)
    if convertsWidth { operation.kind = .quantize }
    operators.append(operation)
    origins.append(convertsWidth ? nil : index)
  }

  /// Puts a QUANTIZE to another tensor's scale in between.
  private mutating func convert(
    _ input: TensorID, to output: TensorID, for operation: Operator
  ) -> TensorID {
    var tensor = graph[input]
    tensor.name += "/requantized"
    tensor.quantization = graph[output].quantization
    let result = append(tensor)
    operators.append(
      Operator(
        kind: .quantize, name: tensor.name, inputs: [input], outputs: [result],
        sourceIndices: operation.sourceIndices))
    origins.append(nil)
    return result
  }

  private func quantizePadding(of operation: inout Operator, _ index: Int) {
    guard case .pad(var attributes) = operation.kind, let value = network.paddingValue(of: index),
      let output = operation.outputs.first, let parameters = plan.parameters(of: output)
    else { return }
    attributes.content = .element(bytes(of: [value], parameters, network.type(of: output)))
    operation.kind = .pad(attributes)
  }

  // MARK: Constants

  private mutating func setConstants(of layer: WeightedLayer, _ quantized: QuantizedLayer) {
    let inputScale = plan.parameters(of: layer.input)?.scale ?? 1
    graph[layer.filter].elementType = .int8
    graph[layer.filter].constant = layer.stored(quantized.weights).map { UInt8(bitPattern: $0) }
    graph[layer.filter].quantization = QuantizationParameters(
      scales: quantized.scales, zeroPoints: [Int](repeating: 0, count: layer.rows),
      axis: layer.scaleAxis)
    graph[layer.bias].quantization = QuantizationParameters(
      scales: quantized.scales.map { max(.leastNonzeroMagnitude, $0 * inputScale) },
      zeroPoints: [Int](repeating: 0, count: layer.rows))
    let type = network.type(ofOperator: layer.index)
    graph[layer.bias].elementType = type == .int8 ? .int32 : .int64
    graph[layer.bias].constant =
      type == .int8
      ? littleEndianBytes(quantized.bias.map { Int32(clamping: $0) })
      : littleEndianBytes(quantized.bias)
  }

  private mutating func quantizedConstant(_ use: ConstantOperand) -> TensorID? {
    guard let parameters = plan.parameters(of: use), let values = graph[use.tensor].floats else {
      return use.tensor
    }
    var tensor = graph[use.tensor]
    let type = use.type(in: network)
    tensor.elementType = type
    tensor.quantization = parameters
    tensor.constant = bytes(of: values, parameters, type)
    return append(tensor)
  }

  private func bytes(
    of values: [Float], _ parameters: QuantizationParameters, _ type: ElementType
  ) -> [UInt8] {
    let integers = FakeQuantizer(parameters, type: type).integers(values).map {
      $0 + parameters.zeroPoint
    }
    return type == .int8
      ? integers.map { UInt8(truncatingIfNeeded: $0) }
      : littleEndianBytes(integers.map { Int16(clamping: $0) })
  }

  private mutating func append(_ tensor: Tensor) -> TensorID {
    graph.tensors.append(tensor)
    return TensorID(graph.tensors.count - 1)
  }
}
