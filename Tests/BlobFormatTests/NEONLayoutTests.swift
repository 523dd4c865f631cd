// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport
import Testing

@testable import BlobFormat

@Suite("layouts of the neon set")
struct NEONLayoutTests {
  private static let records: [LayerMaterial.Records] = [
    .exact([channel(1, 1 << 30, -2), channel(-5, Int32.max, 30), channel(0, 0, 0)]),
    .fast((0..<5).map { channel(.min + $0, 0x5A5A_5A5A, -9 + $0) }),
    .line([
      shunt_line_t(bias: 7, multiplier: 0, offset: -128),
      shunt_line_t(bias: -7, multiplier: Int32.max - 1, offset: 300),
      shunt_line_t(bias: .min, multiplier: 2, offset: -32_640),
    ]),
  ]

  @Test(
    "matrices come back out of their form", arguments: [1, 7, 8, 9, 27, 32, 40, 100, 1023, 1100],
    [1, 2, 3, 4, 5, 8, 13])
  func matrixRoundTrip(columns: Int, rows: Int) throws {
    var random = SplitMix64(seed: UInt64(columns * 1000 + rows))
    let matrix = NEONMatrix(rows: rows, columns: columns)
    let weights = (0..<rows * columns).map { _ in Int8.random(in: -127...127, using: &random) }
    let packed = try #require(matrix.packed(weights))
    #expect(UInt64(packed.count) == shunt_neon_matrix_bytes(UInt64(rows), UInt64(columns)))
    #expect(matrix.unpacked(packed) == weights)
  }

  @Test("a plan says where 32 columns fit 16 bits")
  func planBounds() throws {
    let columns = 64
    var weights = [Int8](repeating: 0, count: 2 * columns)
    for lane in [0, 8, 16, 24] { weights[columns + 32 + lane] = 64 }
    // Columns 32, 40, 48 and 56 of the second row: 256 in all, too many; 255 are not.
    #expect(try plan(weights, rows: 2, columns: columns) == [0b0110])
    weights[columns + 32] = 63
    #expect(try plan(weights, rows: 2, columns: columns) == [0b1010])
  }

  @Test("two weights of -128 that share 16 bits have no form")
  func refusesLowestWeights() {
    var weights = [Int8](repeating: 0, count: 48)
    weights[3] = .min
    #expect(NEONMatrix(rows: 1, columns: 48).packed(weights) != nil)
    weights[11] = .min
    #expect(NEONMatrix(rows: 1, columns: 48).packed(weights) == nil)
    weights[11] = 0
    weights[40] = .min
    weights[32] = .min
    #expect(NEONMatrix(rows: 1, columns: 48).packed(weights) == nil)
    #expect(NEONMatrix(rows: 1, columns: 40).packed(Array(weights[0..<40])) != nil)
  }

  @Test("depthwise weights come back out of their form", arguments: 1...50)
  func depthwiseRoundTrip(channels: Int) throws {
    var random = SplitMix64(seed: UInt64(channels))
    for (height, width) in [(3, 3), (1, 4), (5, 2)] {
      var window = Self.window(height: height, width: width, channels: channels)
      let layout = NEONDepthwiseWeights(window)
      let weights = (0..<height * width * channels).map { _ in
        Int8.random(in: -127...127, using: &random)
      }
      let packed = try #require(layout.packed(weights))
      #expect(UInt64(packed.count) == shunt_neon_depthwise_bytes(&window))
      #expect(layout.unpacked(packed) == weights)
    }
  }

  @Test("neighbouring taps of -128 have no form in windows of 3 x 3")
  func refusesLowestTaps() {
    let weights: [Int8] = [.min, .min, 0, 0, 0, 0, 0, 0, 0]
    let square = NEONDepthwiseWeights(Self.window(height: 3, width: 3, channels: 1))
    #expect(square.packed(weights) == nil)
    #expect(square.packed([0, .min, .min, 0, 0, 0, 0, 0, .min]) != nil)
    let row = NEONDepthwiseWeights(Self.window(height: 1, width: 9, channels: 1))
    #expect(row.packed(weights) != nil)
  }

  @Test("channel records come back out of their form", arguments: records)
  func recordsRoundTrip(records: LayerMaterial.Records) throws {
    let bytes = try #require(NEONRecords(records)).packed
    let count = Self.bytes(records).count / 12
    #expect(bytes.count == 48 * ((count + 3) / 4))
    let unpacked = NEONRecords(bytes: bytes, count: count, requantization: records.requantization)
    #expect(Self.bytes(unpacked.original) == Self.bytes(records))
  }

  @Test("offsets of more than 16 bits are none of theirs", arguments: [-32_641, 32_641])
  func refusesLargeOffsets(offset: Int32) {
    let line = shunt_line_t(bias: 0, multiplier: 2, offset: offset)
    #expect(NEONRecords(.line([line])) == nil)
  }

  private func plan(_ weights: [Int8], rows: Int, columns: Int) throws -> [UInt64] {
    let packed = try #require(NEONMatrix(rows: rows, columns: columns).packed(weights))
    let words = Array(packed.suffix(8 * ((rows + 3) / 4))).recordWords
    return stride(from: 0, to: words.count, by: 2).map {
      UInt64(UInt32(bitPattern: words[$0])) | UInt64(UInt32(bitPattern: words[$0 + 1])) << 32
    }
  }

  private static func window(height: Int, width: Int, channels: Int) -> shunt_window_t {
    var window = shunt_window_t()
    window.kernel_height = UInt16(height)
    window.kernel_width = UInt16(width)
    window.in_channels = UInt16(channels)
    window.out_channels = UInt16(channels)
    return window
  }

  private static func channel(
    _ bias: Int32, _ multiplier: Int32, _ shift: Int32
  ) -> shunt_channel_t {
    shunt_channel_t(bias: bias, multiplier: multiplier, shift: shift)
  }

  private static func bytes(_ records: LayerMaterial.Records) -> [UInt8] {
    switch records {
    case .exact(let channels), .fast(let channels): channels.recordBytes
    case .line(let lines): lines.recordBytes
    }
  }
}
