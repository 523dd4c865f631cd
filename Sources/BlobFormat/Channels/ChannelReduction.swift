// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
package import ModelGraph

/// Takes out the channels that no output depends on, with the weights that compute and read them.
///
/// All bits of all outputs stay, under the rounding that was asked for. Tensors keep their IDs; weights and
/// biases that lose elements are new ones.
package struct ChannelReduction {
  /// The graph without these channels.
  private(set) var graph: Graph
  /// For each tensor that has lost channels, those that it still has.
  package let kept: [TensorID: [Int]]
  private let analysis: ChannelAnalysis
  private let original: Graph

  /// Reduces a verified graph as a blob with these options is.
  init(_ graph: Graph, _ options: PackOptions) {
    self.init(
      graph, rounding: options.rounding, granularity: options.kernelSet.target.channelGranularity)
  }

  /// Reduces a verified graph.
  ///
  /// - Parameter granularity: See ``ChannelAnalysis/keptChannels(granularity:)``.
  package init(_ graph: Graph, rounding: Rounding, granularity: Int) {
    analysis = ChannelAnalysis(graph, rounding: rounding)
    let kept = analysis.keptChannels(granularity: granularity)
    (self.graph, original) = (graph, graph)
    let changed = analysis.layers.filter {
      kept[$0.value.input] != nil || kept[$0.value.output] != nil
    }
    var biases: [Int: [Int32]] = [:]
    for (index, layer) in changed {
      guard let bias = Self.bias(of: layer, kept, analysis, graph) else {
        // A constant that no bias can hold.
        self.kept = [:]
        return
      }
      biases[index] = bias
    }
    self.kept = kept
    for (id, channels) in kept {
      let dimensions = graph[id].shape.dimensions
      self.graph[id].shape = Shape(dimensions.dropLast() + [channels.count])
    }
    for (index, operation) in graph.operators.enumerated()
    where operation.kind == .reshape && operation.outputs.contains(where: { kept[$0] != nil }) {
      // The shape asked for is the one before; the output's rules where none is.
      self.graph.operators[index].inputs.removeSubrange(1...)
    }
    for (index, layer) in changed.sorted(by: { $0.key < $1.key }) {
      rewrite(index, layer, bias: biases[index] ?? [])
    }
  }

  /// The only value of a channel of the graph that was given; `nil` if it can have several.
  package func constant(_ channel: Int, of tensor: TensorID) -> Int? {
    analysis.constant(channel, of: tensor)
  }

  /// The layers that compute fewer channels, by position in the model file.
  var keptChannels: [Int: KeptChannels] {
    var result: [Int: KeptChannels] = [:]
    for (index, operation) in original.operators.enumerated() {
      guard let source = operation.sourceIndices.first, let output = operation.outputs.first,
        let channels = kept[output], let count = original[output].shape.dimensions.last
      else { continue }
      result[source] = KeptChannels(
        channels: channels, count: count, isLayer: analysis.layers[index] != nil)
    }
    return result
  }

  /// Bytes of weights and channel constants that are left out.
  var savedBytes: Int {
    analysis.layers.values.reduce(0) { sum, layer in
      let rows = kept[layer.output]?.count ?? layer.outputChannels
      let columns = layer.isDepthwise ? 1 : kept[layer.input]?.count ?? layer.inputChannels
      return sum + layer.weights.count - rows * layer.taps * columns
        + (layer.outputChannels - rows) * MemoryLayout<shunt_channel_t>.stride
    }
  }

  // MARK: Constants

  /// The biases of the channels kept, with what constant inputs contributed; `nil` if one leaves int32.
  private static func bias(
    of layer: ChannelLayer, _ kept: [TensorID: [Int]], _ analysis: ChannelAnalysis, _ graph: Graph
  ) -> [Int32]? {
    let stored =
      layer.bias.flatMap { graph[$0].integers }
      ?? [Int](repeating: 0, count: layer.outputChannels)
    let rows = kept[layer.output] ?? Array(0..<layer.outputChannels)
    guard !layer.isDepthwise, let columns = kept[layer.input] else {
      return rows.map { Int32(truncatingIfNeeded: stored[$0]) }
    }
    let gone = Set(0..<layer.inputChannels).subtracting(columns).sorted()
    let offsets = gone.map { (analysis.constant($0, of: layer.input) ?? 0) - layer.inputZeroPoint }
    var result: [Int32] = []
    for row in rows {
      var bias = stored[row]
      for tap in 0..<layer.taps {
        let start = (row * layer.taps + tap) * layer.inputChannels
        for (channel, offset) in zip(gone, offsets) {
          bias += Int(layer.weights[start + channel]) * offset
        }
      }
      guard let value = Int32(exactly: bias) else { return nil }
      result.append(value)
    }
    return result
  }

  private func weights(of layer: ChannelLayer) -> [UInt8] {
    let rows = kept[layer.output] ?? Array(0..<layer.outputChannels)
    let columns = kept[layer.input] ?? Array(0..<layer.inputChannels)
    var result: [UInt8] = []
    result.reserveCapacity(layer.taps * rows.count * (layer.isDepthwise ? 1 : columns.count))
    for row in layer.isDepthwise ? [0] : rows {
      for tap in 0..<layer.taps {
        let start = (row * layer.taps + tap) * layer.inputChannels
        for column in columns { result.append(UInt8(bitPattern: layer.weights[start + column])) }
      }
    }
    return result
  }

  private mutating func rewrite(_ index: Int, _ layer: ChannelLayer, bias: [Int32]) {
    let rows = kept[layer.output] ?? Array(0..<layer.outputChannels)
    let columns = (kept[layer.input]?.count ?? layer.inputChannels)
    var filter = graph[layer.filter]
    let middle = filter.shape.dimensions.dropFirst().dropLast()
    filter.shape = Shape([layer.isDepthwise ? 1 : rows.count] + middle + [columns])
    filter.constant = weights(of: layer)
    filter.quantization = filter.quantization?.selecting(rows)
    graph.operators[index].inputs[1] = add(filter)
    var tensor =
      layer.bias.map { graph[$0] }
      ?? Tensor(name: graph[layer.output].name + "/bias", shape: [rows.count], elementType: .int32)
    tensor.shape = [rows.count]
    tensor.constant = bias.flatMap { value in
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    tensor.quantization = tensor.quantization?.selecting(rows)
    if graph.operators[index].inputs.count > 2 {
      graph.operators[index].inputs[2] = add(tensor)
    } else {
      graph.operators[index].inputs.append(add(tensor))
    }
  }

  private mutating func add(_ tensor: Tensor) -> TensorID {
    graph.tensors.append(tensor)
    return TensorID(graph.tensors.count - 1)
  }
}

extension QuantizationParameters {
  /// The parameters of some indices of the axis.
  fileprivate func selecting(_ indices: [Int]) -> QuantizationParameters {
    guard !isPerTensor else { return self }
    return QuantizationParameters(
      scales: indices.map { scales[$0] }, zeroPoints: indices.map { zeroPoints[$0] }, axis: axis)
  }
}
