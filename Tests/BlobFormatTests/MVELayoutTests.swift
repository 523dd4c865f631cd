// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport
import Testing

@testable import BlobFormat

@Suite("layouts of the mve set")
struct MVELayoutTests {
  private static let records: [LayerMaterial.Records] = [
    .exact((0..<9).map { channel($0, 1 << 30, -31 + 7 * $0) }),
    .fast((0..<5).map { channel(-$0, .max, 30 - $0) }),
    .line([
      shunt_line_t(bias: 7, multiplier: 0, offset: -128),
      shunt_line_t(bias: .min, multiplier: Int32.max - 1, offset: .min),
      shunt_line_t(bias: .max, multiplier: 2, offset: 300),
    ]),
  ]

  @Test("convolutions come back out of their form", arguments: 1...9)
  func convolutionRoundTrip(outputs: Int) throws {
    for inputs in [1, 3, 8, 16, 17, 40] {
      let window = Self.window(kernel: (2, 3), inputs: inputs, outputs: outputs)
      try Self.expectRoundTrip(MVEWeights(convolution: window), count: 6 * inputs * outputs)
    }
  }

  @Test(
    "fully connected layers come back out of their form", arguments: [1, 15, 16, 17, 640],
    [1, 7, 8, 9, 20])
  func fullyConnectedRoundTrip(inputs: Int, outputs: Int) throws {
    try Self.expectRoundTrip(
      MVEWeights(outputs: outputs, inputs: inputs), count: inputs * outputs)
  }

  @Test("depthwise convolutions come back out of their form", arguments: [4, 16, 36], [1, 2])
  func depthwiseRoundTrip(channels: Int, stride: Int) throws {
    var window = Self.window(kernel: (3, 3), inputs: channels, outputs: channels)
    window.stride_height = UInt16(stride)
    try Self.expectRoundTrip(MVEWeights(depthwise: window), count: 9 * channels)
  }

  @Test("channel records come back out of their form", arguments: records, [false, true])
  func recordsRoundTrip(records: LayerMaterial.Records, byOctets: Bool) {
    let stored = MVERecords(records)
    let bytes = byOctets ? stored.packedByOctets : stored.packed
    let count = Self.words(records).count
    #expect(
      UInt64(bytes.count)
        == (byOctets
          ? shunt_mve_fully_connected_records_bytes(UInt32(count))
          : shunt_mve_records_bytes(UInt32(count))))
    let original = MVERecords(
      bytes: bytes, count: count, byOctets: byOctets, requantization: records.requantization
    ).original
    #expect(original.requantization == records.requantization)
    #expect(Self.words(original) == Self.words(records))
  }

  private static func expectRoundTrip(_ layout: MVEWeights, count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    let weights = (0..<count).map { _ in Int8.random(in: -128...127, using: &random) }
    #expect(Set(layout.places).count == count)
    let packed = layout.packed(weights)
    #expect(packed.count == layout.byteCount)
    #expect(layout.unpacked(packed) == weights)
  }

  private static func words(_ records: LayerMaterial.Records) -> [[Int32]] {
    switch records {
    case .exact(let channels), .fast(let channels):
      channels.map { [$0.bias, $0.multiplier, $0.shift] }
    case .line(let lines): lines.map { [$0.bias, $0.multiplier, $0.offset] }
    }
  }

  private static func channel(_ bias: Int, _ multiplier: Int32, _ shift: Int) -> shunt_channel_t {
    shunt_channel_t(bias: Int32(bias), multiplier: multiplier, shift: Int32(shift))
  }

  private static func window(
    kernel: (height: Int, width: Int), inputs: Int, outputs: Int
  ) -> shunt_window_t {
    var window = shunt_window_t()
    window.in_channels = UInt16(inputs)
    window.out_channels = UInt16(outputs)
    window.kernel_height = UInt16(kernel.height)
    window.kernel_width = UInt16(kernel.width)
    window.stride_height = 1
    window.stride_width = 1
    window.dilation_height = 1
    window.dilation_width = 1
    window.batches = 1
    return window
  }
}
