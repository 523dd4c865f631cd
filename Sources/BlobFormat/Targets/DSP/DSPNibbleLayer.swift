// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// fully_connected_s4 in the form of the `dsp` set.
struct DSPNibbleLayer {
  private let parameters: shunt_fully_connected_params_t

  init(_ parameters: shunt_fully_connected_params_t) { self.parameters = parameters }

  private var inputs: Int { Int(parameters.inputs) }
  private var outputs: Int { Int(parameters.outputs) }

  /// Columns of four weights, in the order of their half words.
  private static let order = [0, 2, 1, 3]
  private static let blockLength = Int(SHUNT_DSP_NIBBLES)
  private static let blockBytes = Int(SHUNT_DSP_NIBBLES_BYTES)

  /// The layer's form; `nil` if the set has none for it.
  func form(of layer: LayerMaterial) -> TargetForm? {
    guard hasShortSums(layer), let records = DSPRecords(layer.records()),
      let stored = packed(layer.weights)
    else { return nil }
    let channels = DSPFullyConnected(parameters).packed(records)
    let image = ParameterImage(
      parameters,
      holes: [(\.weights, .storedWeights(stored)), (\.channels, .records(channels))]
    ).followed(
      by: shunt_nibbles_t(
        multipliers: 0, run_length: UInt32(SHUNT_DSP_NIBBLES), reserved: (0, 0)))
    return TargetForm(
      set: .dsp, kernel: .fullyConnected4, weights: nil, parameters: image, records: channels,
      requantization: records.requantization,
      scratchBytes: Int(shunt_dsp_fully_connected_s4_scratch_bytes(parameters.inputs)))
  }

  /// Whether the sums that the kernel has 16 times fit where it has them.
  private func hasShortSums(_ layer: LayerMaterial) -> Bool {
    let limit = 1 << 27
    return stride(from: 1, to: outputs, by: 4).allSatisfy { output in
      let reach = layer.reach(ofChannel: output)
      return reach.lowerBound >= -limit && reach.upperBound < limit
    }
  }

  /// The bytes behind `weights`; `nil` if a block is no multiple of nibbles.
  func packed(_ weights: [Int8]) -> [UInt8]? {
    let bytes = weights.map { UInt8(bitPattern: $0) }
    var halves: [UInt16] = []
    for four in stride(from: 0, to: outputs, by: 4) {
      for start in stride(from: 0, to: inputs, by: Self.blockLength) {
        var multipliers = [0, 0, 0, 0]
        for row in four..<min(four + 4, outputs) {
          let first = row * inputs + start
          let end = row * inputs + min(start + Self.blockLength, inputs)
          guard let multiplier = NibbleRows.multiplier(of: bytes[first..<end]) else { return nil }
          multipliers[row - four] = Int(multiplier)
        }
        for column in stride(from: start, to: start + Self.blockLength, by: 4) {
          for offset in Self.order {
            halves.append(half(weights, four, column + offset, multipliers))
          }
        }
        halves += [16 * multipliers[3], 256 * multipliers[2], multipliers[0], multipliers[1]]
          .map { UInt16($0) }
      }
    }
    return halves.map(\.littleEndian).recordBytes
  }

  /// The nibbles of one column of four rows.
  private func half(
    _ weights: [Int8], _ four: Int, _ column: Int, _ multipliers: [Int]
  ) -> UInt16 {
    (0..<4).reduce(0) { half, index in
      let row = four + index
      let isThere = row < outputs && column < inputs
      let weight = isThere ? Int(weights[row * inputs + column]) / multipliers[index] : 0
      return half | UInt16((weight + (index < 3 ? 8 : 0)) & 15) << (4 * index)
    }
  }

  /// The weights, row by row, that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8]) -> [Int8] {
    var weights = [Int8](repeating: 0, count: outputs * inputs)
    func half(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    var at = 0
    for four in stride(from: 0, to: outputs, by: 4) {
      for start in stride(from: 0, to: inputs, by: Self.blockLength) {
        let end = at + Self.blockBytes
        let multipliers = [half(end - 4), half(end - 2), half(end - 6) / 256, half(end - 8) / 16]
        for column in stride(from: start, to: start + Self.blockLength, by: 4) {
          for offset in Self.order {
            for index in 0..<4 where four + index < outputs && column + offset < inputs {
              let nibble = half(at) >> (4 * index) & 15
              let weight = index < 3 ? nibble - 8 : nibble < 8 ? nibble : nibble - 16
              weights[(four + index) * inputs + column + offset] = Int8(weight * multipliers[index])
            }
            at += 2
          }
        }
        at = end
      }
    }
    return weights
  }
}
