// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport
import Testing

@testable import BlobFormat

@Suite("layouts of the dsp set")
struct DSPLayoutTests {
  private static let records: [LayerMaterial.Records] = [
    .exact([channel(1, 1 << 30, -2), channel(-5, Int32.max, -31), channel(0, 0, 0)]),
    .fast([channel(.min, 0x5A5A_5A5A, -9), channel(.max, 0, 0), channel(3, 1 << 30, -3)]),
    .line([
      shunt_line_t(bias: 7, multiplier: 0, offset: -128),
      shunt_line_t(bias: -7, multiplier: Int32.max - 1, offset: 300),
      shunt_line_t(bias: .min, multiplier: 2, offset: .min),
    ]),
  ]

  @Test("convolutions come back out of their form", arguments: 1...9)
  func convolutionRoundTrip(outputs: Int) throws {
    var random = SplitMix64(seed: UInt64(outputs))
    for inputs in 1...6 {
      let layout = DSPConvolution(
        Self.convolution(kernel: (2, 3), inputs: inputs, outputs: outputs))
      let weights = Self.weights(outputs, 6 * inputs, &random)
      let packed = try #require(layout.weights.packed(weights))
      var window = Self.convolution(kernel: (2, 3), inputs: inputs, outputs: outputs).window
      #expect(UInt64(packed.count) == shunt_dsp_conv2d_weights_bytes(&window))
      #expect(layout.weights.unpacked(packed) == weights)
    }
  }

  @Test(
    "the kernel takes the tiles that scratch was made for, and no more than fit",
    arguments: [1, 3, 4, 16, 25, 28, 64, 145], [1, 2, 3, 4, 9])
  func blocks(inputs: Int, tiles: UInt64) {
    var window = Self.convolution(kernel: (2, 3), inputs: inputs, outputs: 2).window
    let units = UInt32(shunt_dsp_units(shunt_dsp_conv2d_length(&window)))
    let least = UInt32(shunt_dsp_conv2d_scratch_bytes(&window))
    let more = UInt32(shunt_dsp_conv2d_block_bytes(&window, tiles)) - least
    let isStaged = tiles >= 3 && units > 24 && units.isMultiple(of: 4)
    for spare in [0, 1, 24 * units - 1] {
      // Without whole pairs, none is copied for the whole step.
      let block = shunt_dsp_conv2d_block(units, 0, more + spare)
      let room =
        (UInt64(block.tiles) - 1) * 24 * UInt64(units) + (block.is_staged ? 8 : 0) * UInt64(units)
      #expect(room <= UInt64(more + spare))
      #expect(UInt64(block.tiles) >= tiles)
      if spare == 0 { #expect(UInt64(block.tiles) == tiles && block.is_staged == isStaged) }
    }
  }

  @Test(
    "copies and tiles fit into scratch, and more of it reads less of flash",
    arguments: [3, 4, 16, 25, 28, 64, 145], [1, 2, 7, 32])
  func copies(inputs: Int, pairs: UInt32) {
    var window = Self.convolution(kernel: (2, 3), inputs: inputs, outputs: 2).window
    let units = UInt32(shunt_dsp_units(shunt_dsp_conv2d_length(&window)))
    var last = Double.infinity
    for more in stride(from: UInt32(0), to: 40 * 24 * units, by: Int(4 * units)) {
      let block = shunt_dsp_conv2d_block(units, pairs, more)
      let copied = UInt32(block.is_staged ? 1 : 0) + block.resident
      #expect(block.tiles >= 1 && block.resident <= pairs && !(block.is_staged && copied > 1))
      #expect(copied * 8 * units + (block.tiles - 1) * 24 * units <= more)
      guard units > 24 else { continue }
      // Of each pair for each tile.
      let reads =
        block.is_staged
        ? 2 / Double(block.tiles) : 1 - Double(block.resident) / Double(pairs)
      #expect(reads <= last)
      last = reads
    }
  }

  @Test(
    "fully connected layers come back out of their form",
    arguments: [1, 7, 8, 9, 100, 256, 257, 700], [1, 2, 3, 4, 5, 33, 70])
  func fullyConnectedRoundTrip(inputs: Int, outputs: Int) throws {
    var random = SplitMix64(seed: UInt64(inputs * 1000 + outputs))
    let layout = DSPFullyConnected(Self.fullyConnected(inputs: inputs, outputs: outputs))
    let weights = Self.weights(outputs, inputs, &random)
    let packed = try #require(layout.weights.packed(weights))
    let bytes = shunt_dsp_fully_connected_weights_bytes(UInt32(inputs), UInt32(outputs))
    #expect(UInt64(packed.count) == bytes)
    #expect(layout.weights.unpacked(packed) == weights)
  }

  @Test(
    "fully connected layers of nibbles come back out of their form",
    arguments: [1, 15, 16, 17, 40, 100, 200], [1, 2, 3, 4, 5, 33])
  func nibbleRoundTrip(inputs: Int, outputs: Int) throws {
    var random = SplitMix64(seed: UInt64(inputs * 1000 + outputs))
    let layout = DSPNibbleLayer(Self.fullyConnected(inputs: inputs, outputs: outputs))
    for runLength in [16, 32] {
      let weights = (0..<outputs).flatMap { _ in
        stride(from: 0, to: inputs, by: runLength).flatMap { start in
          let multiplier = Int8.random(in: 1...15, using: &random)
          return (start..<min(start + runLength, inputs)).map { _ in
            multiplier * Int8.random(in: -8...7, using: &random)
          }
        }
      }
      let packed = try #require(layout.packed(weights))
      let (inputs, outputs) = (UInt32(inputs), UInt32(outputs))
      let bytes = shunt_dsp_fully_connected_s4_weights_bytes(inputs, outputs)
      #expect(UInt64(packed.weights.count) == bytes)
      let multiplierBytes = shunt_dsp_fully_connected_s4_multipliers_bytes(
        inputs, outputs, UInt32(packed.runLength))
      #expect(UInt64(packed.multipliers.count) == multiplierBytes)
      #expect(layout.unpacked(packed) == weights)
    }
  }

  @Test("nibbles are laid out as the specification's example")
  func nibblesOfExample() throws {
    let row: [Int8] = [1, -8, 7, 0, 0, 0, 0, 2]
    let layout = DSPNibbleLayer(Self.fullyConnected(inputs: 8, outputs: 4))
    let stored = try #require(layout.packed(row + row + row + row.map { 3 * $0 }))
    let halves: [UInt16] = [
      0x1999, 0x7FFF, 0x8000, 0x0888, 0x0888, 0x0888, 0x0888, 0x2AAA,
    ]
    #expect(stored.weights == halves.map(\.littleEndian).recordBytes)
    #expect(stored.multipliers == [0x31, 0x11])
  }

  @Test("channel records come back out of their form", arguments: records)
  func recordsRoundTrip(records: LayerMaterial.Records) throws {
    let stored = try #require(DSPRecords(records))
    let convolution = DSPConvolution(Self.convolution(kernel: (1, 1), inputs: 4, outputs: 3))
    let ofConvolution = convolution.packed(stored)
    #expect(UInt64(ofConvolution.count) == shunt_dsp_conv2d_channels_bytes(3))
    let requantization = records.requantization
    Self.expectEqual(convolution.unpacked(ofConvolution, requantization).original, records)
    let fullyConnected = DSPFullyConnected(Self.fullyConnected(inputs: 4, outputs: 3))
    let ofFullyConnected = fullyConnected.packed(stored)
    #expect(UInt64(ofFullyConnected.count) == shunt_dsp_fully_connected_channels_bytes(3))
    Self.expectEqual(fullyConnected.unpacked(ofFullyConnected, requantization).original, records)
  }

  @Test("large scales stay with the portable set", arguments: [-1, 0, 5])
  func refusesLargeScales(shift: Int32) {
    #expect(DSPRecords(.exact([Self.channel(0, 1 << 30, shift)])) == nil)
  }

  @Test("a weight of -128 cannot stand beside a negative one of the channel before")
  func refusesLowestWeight() throws {
    let layout = DSPConvolution(Self.convolution(kernel: (1, 1), inputs: 1, outputs: 2))
    #expect(layout.weights.packed([-1, -128]) == nil)
    let packed = try #require(layout.weights.packed([-128, -127]))
    #expect(layout.weights.unpacked(packed) == [-128, -127])
    #expect(layout.weights.packed([0, -128]) != nil)
  }

  private static func channel(
    _ bias: Int32, _ multiplier: Int32, _ shift: Int32
  ) -> shunt_channel_t {
    shunt_channel_t(bias: bias, multiplier: multiplier, shift: shift)
  }

  private static func convolution(
    kernel: (Int, Int), inputs: Int, outputs: Int
  ) -> shunt_conv2d_params_t {
    var parameters = shunt_conv2d_params_t()
    parameters.groups = 1
    parameters.window.kernel_height = UInt16(kernel.0)
    parameters.window.kernel_width = UInt16(kernel.1)
    parameters.window.in_channels = UInt16(inputs)
    parameters.window.out_channels = UInt16(outputs)
    return parameters
  }

  private static func fullyConnected(inputs: Int, outputs: Int) -> shunt_fully_connected_params_t {
    var parameters = shunt_fully_connected_params_t()
    parameters.batches = 1
    parameters.inputs = UInt32(inputs)
    parameters.outputs = UInt32(outputs)
    return parameters
  }

  private static func weights(
    _ rows: Int, _ length: Int, _ random: inout SplitMix64
  ) -> [Int8] {
    (0..<rows * length).map { _ in Int8.random(in: -127...127, using: &random) }
  }

  private static func expectEqual(
    _ actual: LayerMaterial.Records, _ expected: LayerMaterial.Records
  ) {
    #expect(bytes(actual) == bytes(expected))
    #expect(actual.requantization == expected.requantization)
  }

  private static func bytes(_ records: LayerMaterial.Records) -> [UInt8] {
    switch records {
    case .exact(let channels), .fast(let channels): channels.recordBytes
    case .line(let lines): lines.recordBytes
    }
  }
}
