// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Foundation
internal import ModelGraph

/// Operators that run over sequences. Their states are outputs of the step, which its kernel reads,
/// too.
extension OperandReader {
  private typealias Operand = LSTMAttributes.Operand

  func lstm(_ attributes: LSTMAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(Operand.input), try self.output())
    let (hidden, cell) = (try tensor(Operand.hiddenState), try tensor(Operand.cellState))
    guard hidden != cell else {
      throw unsupported("its two states are one tensor", remedy: "Export the model again.")
    }
    let isWide = graph[input].elementType == .int16
    let states = try lstmStates(hidden: hidden, cell: cell, isWide: isWide)
    let shape = graph[input].shape
    let scaling = try cellScaling(states.cellScale)
    let clip = try cellClip(attributes.cellClip, scale: states.cellScale)
    let gate = Double(Float(1) / 32768)
    let update = try multiplier(gate * gate / Double(states.cellScale))
    let result = try multiplier(gate * gate / Double(states.hidden.scale))
    var parameters = shunt_lstm_params_t()
    parameters.batches = UInt32(shape[attributes.isTimeMajor ? 1 : 0])
    parameters.steps = UInt32(shape[attributes.isTimeMajor ? 0 : 1])
    parameters.inputs = UInt32(shape[2])
    parameters.units = UInt32(graph[output].shape[2])
    parameters.time_major = attributes.isTimeMajor ? 1 : 0
    (parameters.cell_multiplier, parameters.cell_shift) = (scaling.multiplier, scaling.shift)
    (parameters.cell_min, parameters.cell_max) = (clip.lowerBound, clip.upperBound)
    (parameters.update_multiplier, parameters.update_shift) = (update.mantissa, update.shift)
    (parameters.output_multiplier, parameters.output_shift) = (result.mantissa, result.shift)
    parameters.output_zero_point = states.hidden.zeroPoint
    var step = step(
      isWide ? .lstm16 : .lstm, inputs: [input], output: output,
      parameters: try lstmImage(parameters, isWide: isWide))
    step.outputs += [hidden, cell]
    return step
  }

  // MARK: The matrices of an LSTM

  private func lstmImage(
    _ parameters: shunt_lstm_params_t, isWide: Bool
  ) throws(BlobFormatError) -> ParameterImage {
    var parameters = parameters
    var sums: [shunt_lstm_sum_t] = []
    var references: [(position: Int, reference: ParameterImage.Reference)] = []
    let stride = MemoryLayout<shunt_lstm_sum_t>.stride
    let start = MemoryLayout<shunt_lstm_params_t>.size - 2 * LSTMAttributes.gateCount * stride
    for gate in 0..<LSTMAttributes.gateCount {
      for (operand, weights, bias) in [
        (Operand.input, Operand.inputWeights + gate, Operand.biases + gate),
        (Operand.hiddenState, Operand.recurrentWeights + gate, nil),
      ] {
        let position = start + sums.count * stride
        let sum = try gateSum(
          of: try tensor(operand), try tensor(weights), bias: bias, isWide: isWide)
        references.append((position, .weights(try tensor(weights))))
        if !sum.biases.isEmpty { references.append((position + 4, .bytes(sum.biases))) }
        sums.append(
          shunt_lstm_sum_t(weights: 0, biases: 0, multiplier: sum.multiplier, shift: sum.shift))
      }
    }
    withUnsafeMutableBytes(of: &parameters) { target in
      sums.withUnsafeBytes { source in
        for (index, byte) in source.enumerated() { target[start + index] = byte }
      }
    }
    if let table = MemoryLayout<shunt_lstm_params_t>.offset(of: \.table) {
      references.append((table, .bytes(SigmoidTable.bytes)))
    }
    return ParameterImage(
      bytes: withUnsafeBytes(of: parameters) { Array($0) }, references: references)
  }

  /// Constants of a gate's matrix: biases without trailing element for each unit, or none.
  private func gateSum(
    of input: TensorID, _ weights: TensorID, bias: Int?, isWide: Bool
  ) throws(BlobFormatError) -> (biases: [UInt8], multiplier: Int32, shift: Int32) {
    let from = try activation(input, types: [isWide ? .int16 : .int8])
    let units = graph[weights].shape[0]
    let (bytes, scales) = try self.weights(weights, outputChannels: 1)
    // The product of the scales is rounded to float32, as the reference does here.
    let scale = try multiplier(Double(from.scale * (scales.first ?? 0)) / Double(Self.gateScale))
    if isWide {
      let biases = try bias.map { (index) throws(BlobFormatError) in
        try wideBias(index, units)
      }
      let (multiplier, shift) = try wideScale(scale)
      return (Self.bytes(biases ?? []), multiplier, shift)
    }
    let sums = Self.rowSums(of: bytes, rows: units)
    let offsets = try bias.map { (index) throws(BlobFormatError) in
      try self.bias(index, outputChannels: units)
    }
    let biases = (0..<units).map { unit in
      Int32(truncatingIfNeeded: Int(offsets?[unit] ?? 0) - Int(from.zeroPoint) * sums[unit])
    }
    return (
      biases.contains { $0 != 0 } ? Self.bytes(biases) : [], scale.mantissa, scale.shift
    )
  }

  /// The step of a gate's sums.
  private static let gateScale = Float(1) / 4096

  private static func bytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  }

  /// The sums of int8 weights, row by row.
  private static func rowSums(of weights: [UInt8], rows: Int) -> [Int] {
    let columns = weights.count / max(1, rows)
    return (0..<rows).map { row in
      weights[row * columns..<(row + 1) * columns].reduce(0) { $0 + Int(Int8(bitPattern: $1)) }
    }
  }

  // MARK: The states of an LSTM

  private func lstmStates(
    hidden: TensorID, cell: TensorID, isWide: Bool
  ) throws(BlobFormatError) -> (hidden: Quantized, cellScale: Float) {
    let cells = try symmetric16(cell)
    guard isWide else { return (try activation(hidden), cells) }
    _ = try symmetric16(try tensor(Operand.input))
    return (Quantized(scale: try symmetric16(hidden), zeroPoint: 0), cells)
  }

  /// How the tangent brings the cells' state to steps of 1 / 12288: its scale counts as the nearest
  /// power of two.
  private func cellScaling(
    _ scale: Float
  ) throws(BlobFormatError) -> (multiplier: Int32, shift: Int32) {
    let exponent = (Float(log(Double(scale))) * (1 / Float(log(2.0)))).rounded(
      .toNearestOrAwayFromZero)
    guard (-43...1).contains(exponent) else {
      throw unsupported(
        "the scale \(scale) of its cell state lies outside 2^-43 ... 2",
        remedy: "Quantize the model again; a usual scale is 2^-12.")
    }
    let shift = Int32(exponent) + 12
    return shift >= 0 ? (3 << shift, 0) : (3, -shift)
  }

  private func cellClip(
    _ clip: Float, scale: Float
  ) throws(BlobFormatError) -> ClosedRange<Int32> {
    guard clip > 0 else { return -32768...32767 }
    let limit = Int32(min(Double(clip) / Double(scale), 32767))
    return -limit...limit
  }

  // MARK: SVDF

  func svdf(_ attributes: SVDFAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, state, output) = (try tensor(0), try tensor(3), try self.output())
    let from = try activation(input)
    let kept = try activation(state, types: [.int8, .int16])
    let to = try activation(output)
    let (features, times) = (try tensor(1), try tensor(2))
    let constants = try svdfConstants(from, kept, to)
    let units = graph[output].shape[1]
    let biases = try svdfBiases(attributes, units: units, kept)
    let offsets = Self.rowSums(
      of: try weights(features, outputChannels: 1).bytes, rows: graph[features].shape[0]
    ).map { Int32(truncatingIfNeeded: -Int(from.zeroPoint) * $0) }
    let parameters = shunt_svdf_params_t(
      batches: UInt32(graph[input].shape[0]), inputs: UInt32(graph[input].shape[1]),
      units: UInt32(units), rank: UInt32(attributes.rank),
      memory: UInt32(graph[times].shape[1]), features: 0, times: 0, feature_biases: 0, biases: 0,
      feature_multiplier: constants.feature.mantissa, feature_shift: constants.feature.shift,
      state_zero_point: kept.zeroPoint, output_multiplier: constants.output.mantissa,
      output_shift: constants.output.shift, output_zero_point: to.zeroPoint, reserved: 0)
    var holes: [(PartialKeyPath<shunt_svdf_params_t>, ParameterImage.Reference)] = [
      (\.features, .weights(features)), (\.times, .weights(times)),
    ]
    for (hole, values) in [(\shunt_svdf_params_t.feature_biases, offsets), (\.biases, biases)]
    where values.contains(where: { $0 != 0 }) {
      holes.append((hole, .bytes(Self.bytes(values))))
    }
    var step = step(
      .svdf, inputs: [input], output: output,
      parameters: ParameterImage(parameters, holes: holes))
    step.outputs.append(state)
    return step
  }

  /// Scales of both products, in float32, as the reference computes them.
  private func svdfConstants(
    _ from: Quantized, _ kept: Quantized, _ to: Quantized
  ) throws(BlobFormatError) -> (feature: FixedPointScale, output: FixedPointScale) {
    func scale(_ index: Int) throws(BlobFormatError) -> Float {
      graph[try tensor(index)].quantization?.scale ?? 0
    }
    return (
      try multiplier(Double(from.scale * (try scale(1)) / kept.scale)),
      try multiplier(Double(kept.scale * (try scale(2)) / to.scale))
    )
  }

  /// One number per unit, into which the state's zero point is folded.
  private func svdfBiases(
    _ attributes: SVDFAttributes, units: Int, _ kept: Quantized
  ) throws(BlobFormatError) -> [Int32] {
    let biases = try bias(4, outputChannels: units)
    guard let times = graph[try tensor(2)].constant else { return biases }
    let isWide = graph[try tensor(2)].elementType == .int16
    let weights =
      isWide
      ? stride(from: 0, to: times.count - 1, by: 2).map {
        Int(Int16(bitPattern: UInt16(times[$0]) | UInt16(times[$0 + 1]) << 8))
      } : times.map { Int(Int8(bitPattern: $0)) }
    let perUnit = weights.count / max(1, units)
    return (0..<units).map { unit in
      let sum = weights[unit * perUnit..<(unit + 1) * perUnit].reduce(0, +)
      return Int32(truncatingIfNeeded: Int(biases[unit]) - Int(kept.zeroPoint) * sum)
    }
  }
}
