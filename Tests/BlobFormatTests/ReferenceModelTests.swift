// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import ModelGraph
import ModelImport
import TestSupport
import Testing

@Suite(
  "reference models", .enabled(if: SharedData.isAvailable, Comment(rawValue: SharedData.skipReason))
)
struct ReferenceModelTests {
  private func pack(_ name: String) throws -> PackedBlob {
    try BlobPacker.pack(
      try ModelReader.readGraph(contentsOf: SharedData.path("models/\(name)/int8.tflite")))
  }

  /// Arena of TensorFlow Lite Micro, and the part of it that may be used.
  @Test(
    "arenas reach the lower bound and stay below the figures to reach",
    arguments: [
      ("kws", 22_820, 0.72), ("ic", 54_996, 0.90), ("vww", 100_708, 0.57), ("ad", 2_580, 0.35),
    ])
  func arenaReachesBound(name: String, reference: Int, factor: Double) throws {
    let blob = try pack(name)
    #expect(blob.arenaBytes == blob.arenaLowerBound)
    #expect(Double(blob.arenaBytes) <= factor * Double(reference))
  }

  @Test(
    "the blob's own overhead is small",
    arguments: [("kws", 1.12), ("ic", 1.06), ("vww", 1.04), ("ad", 1.02)])
  func overheadIsSmall(name: String, factor: Double) throws {
    let blob = try pack(name)
    let constants = blob.weightsBytes + blob.channelConstantsBytes
    #expect(Double(blob.bytes.count) <= factor * Double(constants))
  }

  @Test(
    "models are read back with the multiply-accumulates that their table states",
    arguments: [
      ("kws", 2_656_768), ("ic", 12_501_632), ("vww", 7_489_664), ("ad", 264_192),
    ])
  func macsAgree(name: String, macs: Int) throws {
    let blob = try pack(name)
    #expect(blob.macs == macs)
    #expect(try Blob.parse(blob.bytes).macs == macs)
  }
}
