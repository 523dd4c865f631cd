// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// fully_connected_s8 in the form of the `dsp` set.
struct DSPFullyConnected {
  private let parameters: shunt_fully_connected_params_t

  init(_ parameters: shunt_fully_connected_params_t) { self.parameters = parameters }

  private var inputs: Int { Int(parameters.inputs) }
  private var outputs: Int { Int(parameters.outputs) }
  private var filledOutputs: Int { Int(shunt_dsp_filled_outputs(parameters.outputs)) }

  /// The weights: stretch after stretch of inputs; in each, the pairs of outputs two by two, block by block.
  var weights: DSPWeights {
    let block = Int(SHUNT_DSP_BLOCK)
    let stretch = Int(shunt_dsp_stretch_blocks(parameters.inputs)) * block
    let pairs = filledOutputs / 2
    var units: [DSPUnit] = []
    for first in stride(from: 0, to: inputs, by: stretch) {
      for two in stride(from: 0, to: pairs, by: 2) {
        for start in stride(from: first, to: min(first + stretch, inputs), by: block) {
          for pair in two..<(two + 2) {
            units += [DSPUnit(pair: pair, start: start), DSPUnit(pair: pair, start: start + 4)]
          }
        }
      }
    }
    return DSPWeights(rows: outputs, length: inputs, units: units)
  }

  /// The layer's form; `nil` if the set has none for it. Sums over a stretch are short whatever the weights.
  func form(of layer: LayerMaterial) -> TargetForm? {
    guard let records = DSPRecords(layer.records()), let stored = weights.packed(layer.weights)
    else { return nil }
    return TargetForm(
      set: .dsp, kernel: .fullyConnected, weights: stored, records: packed(records),
      requantization: records.requantization,
      scratchBytes: Int(
        shunt_dsp_fully_connected_scratch_bytes(parameters.inputs, parameters.outputs)))
  }

  /// The bytes behind `channels`.
  func packed(_ records: DSPRecords) -> [UInt8] {
    let missing = filledOutputs - outputs
    var words = records.biases + [Int32](repeating: 0, count: missing)
    words += records.scales.flatMap { [$0.multiplier, $0.addend] }
    words += [Int32](repeating: 0, count: 2 * missing)
    return words.recordBytes
  }

  /// The records that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8], _ requantization: Requantization) -> DSPRecords {
    let words = bytes.recordWords
    let scales = filledOutputs
    return DSPRecords(
      biases: Array(words[..<outputs]),
      scales: (0..<outputs).map {
        shunt_dsp_scale_t(
          multiplier: words[scales + 2 * $0], addend: words[scales + 2 * $0 + 1])
      },
      requantization: requantization)
  }
}
