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
  private func pack(_ name: String, _ options: PackOptions) throws -> PackedBlob {
    try BlobPacker.pack(
      try ModelReader.readGraph(contentsOf: SharedData.path("models/\(name)/int8.tflite")),
      options: options)
  }

  /// The figures to reach: parts of what TensorFlow Lite Micro takes for the same model.
  @Test(
    "arenas stay below the figures to reach, and so does the blob's own overhead",
    arguments: [("kws", 9_128), ("ic", 23_098), ("vww", 38_269), ("ad", 1_161)], KernelSet.allCases)
  func arenaIsSmall(model: (name: String, limit: Int), set: KernelSet) throws {
    let blob = try pack(model.name, PackOptions(kernelSet: set))
    #expect(blob.arenaBytes <= model.limit)
    #expect(blob.arenaBytes >= blob.arenaLowerBound)
    // With all channels, those included that the blob leaves out.
    let whole =
      blob.keptChannels.isEmpty ? blob : try pack(model.name, PackOptions(isReference: true))
    let constants = whole.weightsBytes + whole.channelConstantsBytes
    #expect(Double(blob.bytes.count) <= 1.12 * Double(constants))
  }

  @Test(
    "models are read back with the multiply-accumulates that their table states",
    arguments: [
      ("kws", 2_656_768), ("ic", 12_501_632), ("vww", 7_489_664), ("ad", 264_192),
    ])
  func macsAgree(name: String, macs: Int) throws {
    let blob = try pack(name, PackOptions(isReference: true))
    #expect(blob.macs == macs)
    #expect(try Blob.parse(blob.bytes).macs == macs)
  }
}
