// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// conv2d_s8 in the form of the `dsp` set.
struct DSPConvolution {
  private let parameters: shunt_conv2d_params_t

  init(_ parameters: shunt_conv2d_params_t) { self.parameters = parameters }

  private var outputs: Int { Int(parameters.window.out_channels) }

  /// The weights: pair after pair of output channels.
  var weights: DSPWeights {
    var window = parameters.window
    let length = Int(shunt_dsp_conv2d_length(&window))
    let pairs = 0..<(outputs + 1) / 2
    return DSPWeights(
      rows: outputs, length: length,
      units: pairs.flatMap { pair in
        stride(from: 0, to: length, by: 4).map { DSPUnit(pair: pair, start: $0) }
      })
  }

  /// The layer's form; `nil` if the set has none for it.
  func form(of layer: LayerMaterial) -> TargetForm? {
    guard parameters.groups == 1, let stored = weights.packed(layer.weights) else { return nil }
    let scratch = DSPConvolutionScratch(parameters.window)
    var form = form(of: layer, .conv2D, weights: stored, scratchBytes: scratch.leastBytes)
    let useful = scratch.usefulBytes
    form?.usefulScratchBytes = useful
    form?.worthwhileScratchBytes = scratch.worthwhileBytes(of: useful)
    return form
  }

  /// The form of a layer whose weights stay nibbles; `nil` if the set has none for it.
  func nibbleForm(of layer: LayerMaterial) -> TargetForm? {
    var window = parameters.window
    let scratchBytes = shunt_dsp_conv2d_s4_scratch_bytes(&window)
    return form(of: layer, .conv2D4, weights: nil, scratchBytes: Int(scratchBytes))
  }

  private func form(
    of layer: LayerMaterial, _ kernel: KernelKind, weights: [UInt8]?, scratchBytes: Int
  ) -> TargetForm? {
    guard parameters.groups == 1, hasShortSums(layer), let records = DSPRecords(layer.records())
    else { return nil }
    return TargetForm(
      set: .dsp, kernel: kernel, weights: weights, records: packed(records),
      requantization: records.requantization, scratchBytes: scratchBytes,
      overlap: .ahead)
  }

  /// Whether the sums of all odd channels fit where the kernel has them.
  private func hasShortSums(_ layer: LayerMaterial) -> Bool {
    let limit = 1 << 23
    return stride(from: 1, to: outputs, by: 2).allSatisfy { channel in
      let reach = layer.reach(ofChannel: channel)
      return reach.lowerBound >= -limit && reach.upperBound < limit
    }
  }

  /// The bytes behind `channels`.
  func packed(_ records: DSPRecords) -> [UInt8] {
    let none = shunt_dsp_scale_t(multiplier: 0, addend: 0)
    var words: [Int32] = []
    for even in stride(from: 0, to: outputs, by: 2) {
      let hasOdd = even + 1 < outputs
      let scales = [records.scales[even], hasOdd ? records.scales[even + 1] : none]
      words += [records.biases[even], hasOdd ? records.biases[even + 1] : 0]
      words += scales.flatMap { [$0.multiplier, $0.addend] }
    }
    words.append(0)
    return words.recordBytes
  }

  /// The records that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8], _ requantization: Requantization) -> DSPRecords {
    let words = bytes.recordWords
    let pairs = (0..<outputs).map { (start: $0 / 2 * Int(SHUNT_DSP_PAIR_WORDS), odd: $0 % 2) }
    return DSPRecords(
      biases: pairs.map { words[$0.start + $0.odd] },
      scales: pairs.map {
        shunt_dsp_scale_t(
          multiplier: words[$0.start + 2 + 2 * $0.odd], addend: words[$0.start + 3 + 2 * $0.odd])
      },
      requantization: requantization)
  }
}

extension [UInt8] {
  /// The 32-bit words that lie in the bytes.
  var recordWords: [Int32] {
    withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self))
      }
    }
  }
}
