// SPDX-License-Identifier: Apache-2.0

/// Finds the layers that cost most, and what can be done about each.
struct CostAdvice {
  let layers: [LayerReport]
  /// For each layer what it costs alone; `nil` where that was not measured.
  let contributions: [OperatorContributions.Contribution?]

  /// How many layers are named.
  private static let count = 3

  func costliest() -> [CostlyLayer] {
    let ratios = contributions.map { $0?.output.ratio ?? 0 }
    let total = ratios.reduce(0, +)
    guard total > 0 else { return [] }
    return ratios.indices.filter { ratios[$0] > 0 }
      .sorted { (ratios[$1], $0) < (ratios[$0], $1) }
      .prefix(Self.count)
      .map { CostlyLayer(layer: $0, share: ratios[$0] / total, advice: advice($0)) }
  }

  private func advice(_ index: Int) -> String {
    let layer = layers[index]
    guard let contribution = contributions[index] else { return "" }
    if contribution.weights.noise[0] > contribution.rounding.noise[0] {
      return layer.weightBits == 4
        ? "Most of it comes from its weights of 4 bits: allow more bytes of weights, so that it "
          + "gets 8."
        : "Most of it comes from its weights: a few large ones set the steps of their channels. "
          + "Train with weight decay, or some epochs with quantization simulated."
    }
    if layer.method == "fixed" {
      return "Its result has the scale that the operator prescribes; end the model before it if "
        + "the application can do without it."
    }
    let range = "\(shown(layer.lowerBound)) to \(shown(layer.upperBound))"
    return layer.activationBits == 8
      ? "Most of it comes from rounding its result, which reaches from \(range): keep it in int16"
        + (layer.sourceOperators.first.map { " (--activations int16:\($0))" } ?? "")
        + ", or bound it in training (ReLU6, batch normalization)."
      : "Most of it comes from clipping its result at \(range): calibrate with more rows."
  }

  private func shown(_ value: Float) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == 0 && value != 0 ? "\(value)" : "\(rounded)"
  }
}
