// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// fully_connected_s4 in the form of the `dsp` set.
struct DSPNibbleLayer {
  private let parameters: shunt_fully_connected_params_t

  init(_ parameters: shunt_fully_connected_params_t) { self.parameters = parameters }

  private var inputs: Int { Int(parameters.inputs) }
  private var outputs: Int { Int(parameters.outputs) }

  /// The layer's form; `nil` if the set has none for it.
  func form(of layer: LayerMaterial) -> TargetForm? {
    guard let records = DSPRecords(layer.records()), hasShortSums(layer, records.biases),
      let stored = packed(layer.weights)
    else { return nil }
    let channels = DSPFullyConnected(parameters).packed(records)
    let runLength = UInt32(stored.runLength)
    let image = ParameterImage(
      parameters,
      holes: [(\.weights, .storedWeights(stored.weights)), (\.channels, .records(channels))]
    ).followed(
      by: shunt_nibbles_t(multipliers: 0, run_length: runLength, reserved: (0, 0)),
      holes: [(\.multipliers, .storedWeights(stored.multipliers))])
    return TargetForm(
      set: .dsp, kernel: .fullyConnected4, weights: nil, parameters: image, records: channels,
      requantization: records.requantization,
      scratchBytes: Int(shunt_dsp_fully_connected_s4_scratch_bytes(parameters.inputs, runLength)))
  }

  /// Whether the sums that the kernel has 16 times fit where it has them.
  private func hasShortSums(_ layer: LayerMaterial, _ biases: [Int32]) -> Bool {
    let limit = 1 << 27
    return fours.allSatisfy { four in
      let reach = layer.reach(ofChannel: four + 1)
      let bias = Int(biases[four + 1])
      return reach.lowerBound + bias >= -limit && reach.upperBound + bias < limit
    }
  }

  // MARK: Layout

  /// What stands behind `weights` and `multipliers`.
  struct Stored {
    /// Neighbours that share a multiplier, and fewer at the end of a row.
    var runLength: Int
    var weights: [UInt8] = []
    var multipliers: [UInt8] = []
  }

  /// Columns of four weights, in the order of their half words.
  private static let order = [0, 2, 1, 3]
  private static let blockLength = Int(SHUNT_DSP_NIBBLE_BLOCK)
  /// The rows of a four, in the order of their multipliers.
  private static let multiplierOrder = [0, 3, 2, 1]

  /// The first rows of the fours; the last four may lack a row.
  private var fours: StrideTo<Int> { stride(from: 0, to: outputs - 2, by: 4) }

  /// The first row of the pair behind the fours.
  private var pair: Int? { [1, 2].contains(outputs % 4) ? outputs / 4 * 4 : nil }

  private var starts: StrideTo<Int> { stride(from: 0, to: inputs, by: Self.blockLength) }

  /// The weights with the longest runs; `nil` if some run is no multiple of nibbles.
  func packed(_ weights: [Int8]) -> Stored? {
    let lengths = NibbleRows.runLengths(rowLength: min(inputs, Int(SHUNT_DSP_NIBBLE_RUN)))
    for length in lengths {
      if let stored = packed(weights, runLength: length) { return stored }
    }
    return nil
  }

  private func packed(_ weights: [Int8], runLength: Int) -> Stored? {
    let bytes = weights.map { UInt8(bitPattern: $0) }
    let shape = NibbleRows.Shape(rowsPerGroup: outputs, rowLength: inputs)
    guard let multipliers = NibbleRows.multipliers(of: bytes, shape, runLength: runLength)
    else { return nil }
    let runs = (inputs + runLength - 1) / runLength
    func multiplier(_ row: Int, _ run: Int) -> Int {
      row < outputs ? Int(multipliers[row * runs + run]) : 0
    }
    func quotient(_ row: Int, _ column: Int) -> Int {
      guard row < outputs, column < inputs else { return 0 }
      return Int(weights[row * inputs + column]) / multiplier(row, column / runLength)
    }
    var stored = Stored(runLength: runLength)
    for four in fours {
      for start in starts {
        for column in [start, start + 4].flatMap({ start in Self.order.map { start + $0 } }) {
          let half = (0..<4).reduce(0) { half, row in
            half | ((quotient(four + row, column) + (row < 3 ? 8 : 0)) & 15) << (4 * row)
          }
          stored.weights += [UInt8(half & 255), UInt8(half >> 8)]
        }
      }
      for run in 0..<runs {
        let four = Self.multiplierOrder.map { multiplier(four + $0, run) }
        stored.multipliers += [UInt8(four[0] | four[1] << 4), UInt8(four[2] | four[3] << 4)]
      }
    }
    if let pair {
      for column in starts.flatMap({ $0..<$0 + Self.blockLength }) {
        let (first, second) = (quotient(pair, column) + 8, quotient(pair + 1, column) + 8)
        stored.weights.append(UInt8(first | second << 4))
      }
      stored.multipliers += (0..<runs).map {
        UInt8(multiplier(pair, $0) | multiplier(pair + 1, $0) << 4)
      }
    }
    return stored
  }

  /// The weights, row by row, that ``packed(_:)`` has stored.
  func unpacked(_ stored: Stored) -> [Int8] {
    var weights = [Int8](repeating: 0, count: outputs * inputs)
    let runs = (inputs + stored.runLength - 1) / stored.runLength
    func store(_ quotient: Int, _ row: Int, _ column: Int, times multiplier: Int) {
      if row < outputs && column < inputs {
        weights[row * inputs + column] = Int8(quotient * multiplier)
      }
    }
    func nibble(_ bytes: [UInt8], _ index: Int) -> Int {
      Int(bytes[index / 2]) >> (index % 2 * 4) & 15
    }
    var at = 0
    for (number, four) in fours.enumerated() {
      for start in starts {
        for column in [start, start + 4].flatMap({ start in Self.order.map { start + $0 } }) {
          for (place, row) in Self.multiplierOrder.enumerated() {
            let nibble4 = nibble(stored.weights, at + row)
            let quotient = row < 3 ? nibble4 - 8 : nibble4 < 8 ? nibble4 : nibble4 - 16
            let run = number * runs + min(column, inputs - 1) / stored.runLength
            store(
              quotient, four + row, column,
              times: nibble(stored.multipliers, 4 * run + place))
          }
          at += 4
        }
      }
    }
    if let pair {
      let first = 4 * runs * Array(fours).count
      for column in starts.flatMap({ $0..<$0 + Self.blockLength }) {
        for row in 0..<2 {
          let run = min(column, inputs - 1) / stored.runLength
          store(
            nibble(stored.weights, at + row) - 8, pair + row, column,
            times: nibble(stored.multipliers, first + 2 * run + row))
        }
        at += 2
      }
    }
    return weights
  }
}
