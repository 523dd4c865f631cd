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
    var form = form(of: layer, .conv2D, weights: stored, scratchBytes: scratchBytes(ofBlock: 1))
    let (worthwhile, useful) = blocks()
    form?.usefulScratchBytes = useful
    form?.worthwhileScratchBytes = worthwhile
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

  /// As many tiles are worth bytes of the arena, and so many bytes of inputs of them, or of copied weights.
  private static let worthwhileBlock = (tiles: 4, bytes: 768, copiedBytes: 1152)
  /// Bytes of inputs and copies beyond which more gain nothing.
  private static let greatestBlockBytes = 12_288

  /// Scratch that is worth bytes of the arena, and scratch that is of use, ascending: each size reads less of
  /// flash than those before.
  private func blocks() -> (worthwhile: Int, useful: [Int]) {
    var window = parameters.window
    let pixels = Int(window.batches) * Int(window.out_height) * Int(window.out_width)
    let tiles = (pixels + 2) / 3
    let units = Int(shunt_dsp_units(shunt_dsp_conv2d_length(&window)))
    let tileBytes = max(1, units * Int(SHUNT_DSP_TILE_UNIT_BYTES))
    let pairBytes = max(1, units * Int(SHUNT_DSP_UNIT_BYTES))
    let least = scratchBytes(ofBlock: 1)
    let tileCounts = 1...max(1, min(tiles, Self.greatestBlockBytes / tileBytes))
    var sizes = tileCounts.dropFirst().map { scratchBytes(ofBlock: $0) }
    if units > Int(SHUNT_DSP_KEPT_UNITS) {
      let pairs = min(outputs / 2, Self.greatestBlockBytes / pairBytes)
      sizes += (0...pairs).dropFirst().map { least + $0 * pairBytes }
      // More tiles behind a copy of all weights.
      if pairs == outputs / 2 {
        sizes += tileCounts.map { least + pairs * pairBytes + ($0 - 1) * tileBytes }
      }
    }
    var useful: [Int] = []
    var best = flashReads(in: least)
    for size in Set(sizes).sorted() where size > least {
      let reads = flashReads(in: size)
      if reads < best {
        useful.append(size)
        best = reads
      }
    }
    let worthwhile = useful.last { size in
      let block = block(in: size)
      let (tiles, copies) = (Int(block.tiles), Int(block.resident))
      return copies > 0
        ? tiles == 1 && copies * pairBytes <= Self.worthwhileBlock.copiedBytes
        : tiles <= Self.worthwhileBlock.tiles && tiles * tileBytes <= Self.worthwhileBlock.bytes
    }
    return (worthwhile ?? least, useful)
  }

  /// How often the kernel reads each weight from flash, given `bytes` of scratch, copies included; a bit
  /// less with more tiles at a time.
  private func flashReads(in bytes: Int) -> Double {
    var window = parameters.window
    let tiles = (Int(window.batches) * Int(window.out_height) * Int(window.out_width) + 2) / 3
    let block = block(in: bytes)
    let blocks = (tiles + Int(block.tiles) - 1) / Int(block.tiles)
    let pairs = max(1, outputs / 2)
    let units = Int(shunt_dsp_units(shunt_dsp_conv2d_length(&window)))
    let isKept = units <= Int(SHUNT_DSP_KEPT_UNITS)
    let perPair = block.is_staged ? 2 * blocks : isKept ? blocks : tiles
    let resident = Int(block.resident)
    let reads = 2 * resident + (pairs - resident) * perPair
    return Double(reads) / Double(pairs) + Double(blocks) / Double(tiles) / 64
  }

  private func block(in bytes: Int) -> shunt_dsp_block_t {
    var window = parameters.window
    let units = UInt32(shunt_dsp_units(shunt_dsp_conv2d_length(&window)))
    return shunt_dsp_conv2d_block(
      units, UInt32(outputs / 2), UInt32(bytes - Int(scratchBytes(ofBlock: 1))))
  }

  private func scratchBytes(ofBlock tiles: Int) -> Int {
    var window = parameters.window
    return Int(shunt_dsp_conv2d_block_bytes(&window, UInt64(tiles)))
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
