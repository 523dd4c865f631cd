// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// Takes channels out of a float network that its integers would leave out of a blob: those whose value no
/// input changes, and those that no output depends on.
///
/// Weights of four bits are chosen for what is left, so that a budget counts what a blob has.
struct ChannelOmission {
  let subject: Subject
  let plan: ScalePlan

  /// Numbers of channels are multiples of it, as the packer makes them for most kernel sets.
  private static let granularity = 4

  /// The network without these channels; `nil` if there are none.
  func network() throws(QuantizationError) -> PreparedNetwork? {
    let layers = subject.nearestLayers(plan)
    var builder = QuantizedGraphBuilder(subject.network, plan: plan, layers: layers)
    let graph = try builder.build()
    let reduction = ChannelReduction(graph, rounding: .fast, granularity: Self.granularity)
    guard !reduction.kept.isEmpty else { return nil }
    var result = subject.network
    for (index, origin) in builder.origins.enumerated() {
      guard let origin else { continue }
      let (integers, floats) = (graph.operators[index], subject.network.graph.operators[origin])
      for (output, float) in zip(integers.outputs, floats.outputs) {
        if let channels = reduction.kept[output] {
          result.resize(float, channels: channels.count)
        }
      }
      if let number = subject.network.layerOfOperator[origin] {
        resize(&result, number, integers, graph, reduction)
      }
    }
    return result
  }

  /// Takes rows and columns out of a layer's weights.
  private func resize(
    _ network: inout PreparedNetwork, _ number: Int, _ integers: Operator, _ graph: Graph,
    _ reduction: ChannelReduction
  ) {
    let layer = network.layers[number]
    guard let input = integers.inputs.first ?? nil, let output = integers.outputs.first,
      reduction.kept[input] != nil || reduction.kept[output] != nil
    else { return }
    let isDepthwise = layer.form.isDepthwise
    let inputs = graph[input].shape.dimensions.last ?? 1
    let rows = reduction.kept[output] ?? Array(0..<layer.rows)
    let columns = isDepthwise ? [0] : reduction.kept[input] ?? Array(0..<inputs)
    let perTap = isDepthwise ? 1 : inputs
    let gone = isDepthwise ? [] : Set(0..<inputs).subtracting(columns).sorted()
    let offsets = gone.map { real($0, of: input, graph, reduction) }
    let weights = layer.matrix(network.filter(of: layer))
    var bias = network.bias(of: layer)
    var filter: [Float] = []
    for row in rows {
      for tap in stride(from: row * layer.columns, to: (row + 1) * layer.columns, by: perTap) {
        for column in columns { filter.append(weights[tap + column]) }
        for (column, offset) in zip(gone, offsets) { bias[row] += weights[tap + column] * offset }
      }
    }
    network.resize(
      layer: number, rows: rows.count, inputChannels: columns.count, filter: filter,
      bias: rows.map { bias[$0] })
  }

  /// What stands for a channel that is gone: its only value, or 0 if it is not read.
  private func real(
    _ channel: Int, of tensor: TensorID, _ graph: Graph, _ reduction: ChannelReduction
  ) -> Float {
    guard let value = reduction.constant(channel, of: tensor),
      let quantization = graph[tensor].quantization
    else { return 0 }
    return Float(value - quantization.zeroPoint) * quantization.scale
  }
}
