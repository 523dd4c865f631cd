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

  @Test("a channel has two words, and a byte behind all words")
  func weightsHaveTheDocumentedPlaces() {
    let layout = DSPDepthwise(Self.parameters(kernel: (3, 3)))
    let packed = layout.packed((0..<9 * 8).map { Int8($0) })
    // Taps are 8 apart, channel 5 is at 5.
    #expect(packed[40..<48] == [5, 13, 29, 37, 53, 21, 61, 45])
    #expect(packed[64 + 5] == 69)
    let narrow = DSPDepthwise(Self.parameters(kernel: (3, 2))).packed((0..<6 * 8).map { Int8($0) })
    #expect(narrow[40..<48] == [5, 13, 21, 29, 37, 0, 45, 0])
    #expect(narrow[64 + 5] == 0)
  }

  @Test("channel records come back out of their form", arguments: Requantization.allCases)
  func recordsRoundTrip(requantization: Requantization) {
    var random = SplitMix64(seed: 7)
    let layout = DSPDepthwise(Self.parameters(kernel: (3, 3)))
    let records = DSPRecords(
      biases: (0..<8).map { _ in Int32.random(in: .min ... .max, using: &random) },
      scales: (0..<8).map { _ in
        shunt_dsp_scale_t(
          multiplier: .random(in: .min ... .max, using: &random),
          addend: .random(in: .min ... .max, using: &random))
      }, requantization: requantization)
    let unpacked = layout.unpacked(layout.packed(records), requantization)
    #expect(unpacked.biases == records.biases)
    #expect(unpacked.scales.map(\.multiplier) == records.scales.map(\.multiplier))
    #expect(unpacked.scales.map(\.addend) == records.scales.map(\.addend))
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
