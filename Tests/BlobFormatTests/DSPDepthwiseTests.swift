// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport
import Testing

@testable import BlobFormat

@Suite("depthwise convolutions of the dsp set")
struct DSPDepthwiseTests {
  @Test("weights come back out of their form", arguments: 1...3, 1...3)
  func weightsRoundTrip(height: Int, width: Int) throws {
    var random = SplitMix64(seed: UInt64(10 * height + width))
    let layout = DSPDepthwise(Self.parameters(kernel: (height, width)))
    let weights = (0..<height * width * 8).map { _ in Int8.random(in: -128...127, using: &random) }
    let packed = layout.packed(weights)
    #expect(packed.count == 8 * Int(SHUNT_DSP_DEPTHWISE_WEIGHTS_BYTES))
    #expect(layout.unpacked(packed) == weights)
  }

  @Test("a channel has a word for each column of taps: rows 0, 1, 1 and 2")
  func weightsHaveTheDocumentedPlaces() {
    let layout = DSPDepthwise(Self.parameters(kernel: (3, 2)))
    let weights = (0..<6 * 8).map { Int8($0) }
    // Taps are 8 apart, channel 5 is at 5.
    #expect(layout.packed(weights)[60..<72] == [5, 21, 21, 37, 13, 29, 29, 45, 0, 0, 0, 0])
  }

  @Test("exact records need shifts to the right, and room for sums")
  func refusesRecordsOutOfRange() throws {
    let layout = DSPDepthwise(Self.parameters(kernel: (3, 3)))
    func packed(_ bias: Int32, _ multiplier: Int32, _ shift: Int32) -> [UInt8]? {
      let channel = shunt_channel_t(bias: bias, multiplier: multiplier, shift: shift)
      return layout.packed(.exact([channel]))
    }
    #expect(packed(1000, 1 << 30, -1) != nil)
    #expect(packed(1000, 1 << 30, -22) != nil)
    #expect(packed(1000, 1 << 30, 0) == nil)
    #expect(packed(1000, 1 << 30, -23) == nil)
    #expect(packed(1 << 30, 1 << 30, -8) == nil)
    #expect(packed(.min, 1 << 30, -8) == nil)
    #expect(packed(0, 0, 0) == packed(0, 0, -1))
    #expect(layout.packed(.fast([])) == nil)
  }

  private static func parameters(kernel: (Int, Int)) -> shunt_depthwise_conv2d_params_t {
    var parameters = shunt_depthwise_conv2d_params_t()
    parameters.window.kernel_height = UInt16(kernel.0)
    parameters.window.kernel_width = UInt16(kernel.1)
    parameters.window.in_channels = 8
    parameters.window.out_channels = 8
    return parameters
  }
}
