// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Foundation
import HostRuntime
import ModelGraph
import ModelImport
import TestSupport
import Testing

@Suite("portable twins of blobs")
struct PortableTwinTests {
  @Test("a twin of random layers gives their bits", arguments: KernelSet.allCases, UInt64(0)..<8)
  func ofRandomLayers(set: KernelSet, seed: UInt64) throws {
    let graph = RandomLayers.graph(seed: seed, count: 25)
    for rounding in [Rounding.exact, .fast] {
      try expectTwin(
        of: graph, PackOptions(kernelSet: set, rounding: rounding),
        inputs: RandomLayers.inputs(of: graph, seed: seed))
    }
  }

  @Test(
    "a twin of a network whose outputs overlap its inputs gives its bits",
    arguments: KernelSet.allCases)
  func ofNetwork(set: KernelSet) throws {
    let path = PackageRoot.url.appendingPathComponent("Tools/demo-model/fashion_int8.tflite").path
    let graph = try ModelReader.readGraph(contentsOf: path)
    let inputs = RandomLayers.inputs(of: graph, seed: 1)
    try expectTwin(of: graph, PackOptions(kernelSet: set), inputs: inputs)
    try expectTwin(
      of: SampleGraphs.convolutional(type: .int8), PackOptions(kernelSet: set),
      inputs: RandomLayers.inputs(of: SampleGraphs.convolutional(type: .int8), seed: 2))
  }

  private func expectTwin(of graph: Graph, _ options: PackOptions, inputs: [[UInt8]]) throws {
    let blob = try BlobPacker.pack(graph, options: options).bytes
    let twin = try Blob.portableTwin(of: blob)
    let kernels = try Blob.parse(twin).kernels
    #expect(kernels.allSatisfy { $0.set == .portable && $0.kind != .fullyConnectedLanes })
    let expected = try HostModel(blob: twin).run(inputs: inputs)
    let actual = try HostModel(blob: blob).run(inputs: inputs)
    #expect(actual == expected)
  }
}
