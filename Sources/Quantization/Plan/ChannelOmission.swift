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

  /// The network without these channels, as the portable kernels and `dsp` leave them out; `nil` if there
  /// are none.
  func network() throws(QuantizationError) -> PreparedNetwork? {
    let layers = subject.nearestLayers(plan)
    var builder = QuantizedGraphBuilder(subject.network, plan: plan, layers: layers)
    let graph = try builder.build()
    let reduction = ChannelReduction(graph, kernelSet: .portable, rounding: .fast)
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
      if let cut = reduction.cuts[index], let number = subject.network.layerOfOperator[origin] {
        apply(cut, to: number, of: &result)
      }
    }
    return result
  }

  private func apply(_ cut: ChannelCut, to number: Int, of network: inout PreparedNetwork) {
    let layer = network.layers[number]
    let filter = network.filter(of: layer)
    let scale = plan.parameters(of: layer.input)?.scale ?? 1
    let bias = cut.biases(
      network.bias(of: layer), weight: { filter[$0] }, input: { Float($0) * scale })
    network.resize(
      layer: number, filter: cut.weights(filter),
      shape: cut.shape(of: network.graph[layer.filter].shape),
      bias: bias)
  }
}
