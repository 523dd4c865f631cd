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
  /// What layers lose, by position of the operator.
  package let cuts: [Int: ChannelCut]
  private let analysis: ChannelAnalysis
  private let original: Graph

  /// Reduces a verified graph as a blob for a kernel set is.
  package init(_ graph: Graph, kernelSet: KernelSet, rounding: Rounding) {
    analysis = ChannelAnalysis(graph, rounding: rounding)
    (self.graph, original) = (graph, graph)
    let kept = analysis.keptChannels(granularity: kernelSet.target.channelGranularity)
    var cuts: [Int: ChannelCut] = [:]
    var biases: [Int: [Int32]] = [:]
    for (index, layer) in analysis.layers
    where kept[layer.input] != nil || kept[layer.output] != nil {
      let cut = ChannelCut(layer, kept: kept) { [analysis] in
        analysis.constant($0, of: layer.input)
      }
      guard let bias = Self.bias(of: layer, cut, graph) else {
        // A constant that no bias can hold.
        (self.kept, self.cuts) = ([:], [:])
        return
      }
      (cuts[index], biases[index]) = (cut, bias)
    }
    (self.kept, self.cuts) = (kept, cuts)
    for (id, channels) in kept { self.graph.resize(id, channels: channels.count) }
    for (index, cut) in cuts.sorted(by: { $0.key < $1.key }) {
      rewrite(index, cut, bias: biases[index] ?? [])
    }
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

  /// The biases of the channels kept; `nil` if one leaves int32.
  private static func bias(of layer: ChannelLayer, _ cut: ChannelCut, _ graph: Graph) -> [Int32]? {
    let stored =
      layer.bias.flatMap { graph[$0].integers }
      ?? [Int](repeating: 0, count: layer.outputChannels)
    let biases = cut.biases(stored, weight: { Int(layer.weights[$0]) }, input: { $0 })
    let result = biases.compactMap { Int32(exactly: $0) }
    return result.count == biases.count ? result : nil
  }

  private mutating func rewrite(_ index: Int, _ cut: ChannelCut, bias: [Int32]) {
    guard let layer = analysis.layers[index] else { return }
    var filter = graph[layer.filter]
    filter.shape = cut.shape(of: filter.shape)
    filter.constant = cut.weights(layer.weights).map { UInt8(bitPattern: $0) }
    filter.quantization = filter.quantization?.selecting(cut.rows)
    graph.operators[index].inputs[1] = add(filter)
    var tensor =
      layer.bias.map { graph[$0] }
      ?? Tensor(name: graph[layer.output].name + "/bias", shape: [bias.count], elementType: .int32)
    tensor.shape = [bias.count]
    tensor.constant = bias.flatMap { value in
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    tensor.quantization = tensor.quantization?.selecting(cut.rows)
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
