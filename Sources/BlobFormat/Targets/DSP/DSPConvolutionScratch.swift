// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// How much scratch conv2d_s8 of the `dsp` set has use for: more tiles of three pixels at a time, and copies
/// of weights, so that less is read from flash.
struct DSPConvolutionScratch {
  private let window: shunt_window_t
  /// Units of a row of weights.
  private let units: Int
  /// Whole pairs of output channels.
  private let pairs: Int
  /// Tiles of the output.
  private let tiles: Int

  /// As many tiles are worth bytes of the arena, and so many bytes of inputs of them, or of copied weights.
  private static let worthwhile = (tiles: 4, inputBytes: 768, copiedBytes: 1152)
  /// Bytes of inputs and copies beyond which more gain nothing.
  private static let greatestBytes = 12_288

  init(_ window: shunt_window_t) {
    var window = window
    units = Int(shunt_dsp_units(shunt_dsp_conv2d_length(&window)))
    pairs = Int(window.out_channels) / 2
    tiles = (Int(window.batches) * Int(window.out_height) * Int(window.out_width) + 2) / 3
    self.window = window
  }

  /// What one tile needs.
  var leastBytes: Int { bytes(ofTiles: 1) }

  /// What is of use beyond that, ascending: each size reads less of flash than those before.
  var usefulBytes: [Int] {
    var useful: [Int] = []
    var best = flashReads(in: leastBytes)
    for size in sizes where size > leastBytes {
      let reads = flashReads(in: size)
      if reads < best {
        useful.append(size)
        best = reads
      }
    }
    return useful
  }

  /// What of `usefulBytes` is worth bytes of the arena.
  func worthwhileBytes(of usefulBytes: [Int]) -> Int {
    usefulBytes.last { size in
      let block = block(in: size)
      let (tiles, copies) = (Int(block.tiles), Int(block.resident))
      return copies > 0
        ? tiles == 1 && copies * pairBytes <= Self.worthwhile.copiedBytes
        : tiles <= Self.worthwhile.tiles && tiles * tileBytes <= Self.worthwhile.inputBytes
    } ?? leastBytes
  }

  // MARK: Sizes

  private var tileBytes: Int { max(1, units * Int(SHUNT_DSP_TILE_UNIT_BYTES)) }
  private var pairBytes: Int { max(1, units * Int(SHUNT_DSP_UNIT_BYTES)) }

  /// Sizes at which the kernel does something else, ascending.
  private var sizes: [Int] {
    let tileCounts = 1...max(1, min(tiles, Self.greatestBytes / tileBytes))
    var sizes = tileCounts.map(bytes(ofTiles:))
    if units > Int(SHUNT_DSP_KEPT_UNITS) {
      let copies = min(pairs, Self.greatestBytes / pairBytes)
      sizes += (0...copies).map { leastBytes + $0 * pairBytes }
      // More tiles behind a copy of all weights.
      if copies == pairs {
        sizes += tileCounts.map { leastBytes + pairs * pairBytes + ($0 - 1) * tileBytes }
      }
    }
    return Set(sizes).sorted()
  }

  private func bytes(ofTiles tiles: Int) -> Int {
    var window = window
    return Int(shunt_dsp_conv2d_block_bytes(&window, UInt64(tiles)))
  }

  private func block(in bytes: Int) -> shunt_dsp_block_t {
    shunt_dsp_conv2d_block(UInt32(units), UInt32(pairs), UInt32(bytes - leastBytes))
  }

  /// How often the kernel reads each weight from flash, given `bytes` of scratch, copies included; a bit
  /// less with more tiles at a time.
  private func flashReads(in bytes: Int) -> Double {
    let block = block(in: bytes)
    let blocks = (tiles + Int(block.tiles) - 1) / Int(block.tiles)
    let isKept = units <= Int(SHUNT_DSP_KEPT_UNITS)
    let perPair = block.is_staged ? 2 * blocks : isKept ? blocks : tiles
    let resident = Int(block.resident)
    let reads = 2 * resident + (max(1, pairs) - resident) * perPair
    return Double(reads) / Double(max(1, pairs)) + Double(blocks) / Double(tiles) / 64
  }
}
