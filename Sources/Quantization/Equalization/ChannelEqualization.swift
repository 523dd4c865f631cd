// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// Scales channels between layers so that each uses more of its tensor's range.
///
/// Source: M. Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction",
/// 2019; here with ranges of activations instead of weights.
struct ChannelEqualization {
  let subject: Subject
  let runner: RowRunner

  /// Rows whose channels are looked at.
  private static let rowLimit = 32
  /// A channel is not scaled by more than this.
  private static let leastFactor: Float = 1 / 64

  /// The same network with equalized channels; `nil` if there is nothing to scale.
  func equalized() throws(QuantizationError) -> PreparedNetwork? {
    let pairs = EqualizedPair.all(of: subject.network)
    guard !pairs.isEmpty else { return nil }
    let magnitudes = try magnitudes(pairs)
    var network = subject.network
    for (pair, channels) in zip(pairs, magnitudes) { scale(&network, pair, channels) }
    return network
  }

  /// For each pair the largest magnitude of each channel of the first layer's result.
  private func magnitudes(_ pairs: [EqualizedPair]) throws(QuantizationError) -> [[Float]] {
    let rows = RowRunner.spread(runner.allRows, limit: Self.rowLimit)
    let parts = try runner.map(rows, [subject.executor]) {
      (contexts, _, _) throws(GraphExecutionError) in
      try contexts[0].run()
      return pairs.map { pair in
        contexts[0].withFloats(subject.network.layers[pair.first].output) { values in
          var result = [Float](repeating: 0, count: pair.channels)
          for start in stride(from: 0, to: values.count, by: pair.channels) {
            for channel in 0..<pair.channels {
              result[channel] = max(result[channel], abs(values[start + channel]))
            }
          }
          return result
        }
      }
    }
    return pairs.indices.map { index in
      parts.reduce([Float](repeating: 0, count: pairs[index].channels)) {
        zip($0, $1[index]).map { max($0, $1) }
      }
    }
  }

  private func scale(
    _ network: inout PreparedNetwork, _ pair: EqualizedPair, _ magnitudes: [Float]
  ) {
    guard let largest = magnitudes.max(), largest > 0 else { return }
    let (first, second) = (network.layers[pair.first], network.layers[pair.second])
    var isDepthwise = false
    if case .depthwise = second.form { isDepthwise = true }
    let factors = magnitudes.map { magnitude -> Float in
      guard magnitude > 0 else { return 1 }
      let share = magnitude / largest
      // A depthwise layer's scales take factors up entirely, others' only so far as channels share one.
      return max(Self.leastFactor, isDepthwise ? share : share.squareRoot())
    }
    var weights = first.matrix(network.filter(of: first))
    for index in weights.indices { weights[index] /= factors[index / first.columns] }
    let bias = zip(network.bias(of: first), factors).map { $0 / $1 }
    var following = network.filter(of: second)
    for index in following.indices {
      following[index] *= factors[pair.channel(ofWeight: index, in: network)]
    }
    network.replaceConstants([
      first.filter: first.stored(weights), first.bias: bias, second.filter: following,
    ])
  }
}
