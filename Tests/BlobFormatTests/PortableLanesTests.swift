// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport
import Testing

@testable import BlobFormat

@Suite("lanes of fully connected layers")
struct PortableLanesTests {
  @Test(
    "weights come back out of their form", arguments: [16, 30, 128, 700], [8, 64, 127, 135])
  func roundTrip(inputs: Int, outputs: Int) throws {
    guard inputs * outputs >= 1024 else { return }
    var random = SplitMix64(seed: UInt64(inputs * 1000 + outputs))
    let weights = (0..<inputs * outputs).map { _ in
      Int8.random(in: -127...127, using: &random) / 8
    }
    let layout = try #require(Self.layout(inputs, outputs))
    let packed = try #require(layout.packed(weights))
    #expect(layout.unpacked(packed) == weights)
  }

  @Test("in a stretch, sums of |weight| keep to the limit")
  func stretchesAreShort() throws {
    var random = SplitMix64(seed: 1)
    let weights = (0..<256 * 8).map { _ in Int8.random(in: -30...30, using: &random) }
    let bytes = try #require(Self.layout(256, 8)?.packed(weights))
    var (position, columns) = (0, 0)
    while position < bytes.count {
      let count = Int(bytes[position])
      for row in 0..<8 {
        let sum = (0..<count).reduce(0) { $0 + abs(Int(bytes[position + 4 + 8 * $1 + row]) - 128) }
        #expect(sum <= SHUNT_PORTABLE_LANE_WEIGHTS)
      }
      columns += count
      position += Int(shunt_portable_stretch_bytes(UInt32(count)))
    }
    #expect(columns == 256)
  }

  @Test("weights that make for short stretches, and small or odd layers, stay row by row")
  func refuses() throws {
    let layout = try #require(Self.layout(64, 64))
    #expect(layout.packed([Int8](repeating: 100, count: 64 * 64)) == nil)
    #expect(layout.packed([Int8](repeating: -128, count: 64 * 64)) == nil)
    #expect(layout.packed([Int8](repeating: 3, count: 64 * 64)) != nil)
    let small = try #require(Self.layout(16, 16))
    #expect(small.packed([Int8](repeating: 1, count: 256)) == nil)
    // Eight rows for one would be eight times the flash.
    let narrow = try #require(Self.layout(2048, 1))
    #expect(narrow.packed([Int8](repeating: 1, count: 2048)) == nil)
    #expect(Self.layout(63, 64) == nil)
  }

  private static func layout(_ inputs: Int, _ outputs: Int) -> PortableLanes? {
    var parameters = shunt_fully_connected_params_t()
    (parameters.inputs, parameters.outputs) = (UInt32(inputs), UInt32(outputs))
    return PortableLanes(parameters)
  }
}
