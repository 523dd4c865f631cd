// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import HostRuntime
import ModelGraph
import TestSupport
import Testing

@Suite("channels that are left out")
struct ChannelReductionTests {
  @Test(
    "no bit of an output depends on them", arguments: KernelSet.allCases, UInt64(0)..<40)
  func keepsBits(set: KernelSet, seed: UInt64) throws {
    let graph = IdleChannels.network(seed: seed)
    try graph.verify()
    for rounding in [Rounding.exact, .fast] {
      let reference = try BlobPacker.pack(
        graph, options: PackOptions(rounding: rounding, isReference: true))
      let packed = try BlobPacker.pack(
        graph, options: PackOptions(kernelSet: set, rounding: rounding))
      for row in UInt64(0)..<4 {
        let inputs = RandomLayers.inputs(of: graph, seed: row)
        #expect(
          try HostModel(blob: packed.bytes).run(inputs: inputs)
            == HostModel(blob: reference.bytes).run(inputs: inputs), "\(rounding)")
      }
    }
  }

  @Test("they are not computed", arguments: UInt64(0)..<8)
  func savesWork(seed: UInt64) throws {
    let graph = IdleChannels.network(seed: seed)
    let packed = try BlobPacker.pack(graph)
    let reference = try BlobPacker.pack(graph, options: PackOptions(isReference: true))
    #expect(packed.macs < reference.macs)
    #expect(packed.weightsBytes < reference.weightsBytes)
    #expect(packed.graphSHA256 == reference.graphSHA256)
    #expect(reference.keptChannels.isEmpty)
    for (source, kept) in packed.keptChannels {
      let shape = graph[graph.operators[source].outputs[0]].shape
      #expect(kept.count == shape.dimensions.last)
      #expect(kept.channels.count < kept.count)
      #expect(kept.channels == kept.channels.sorted())
      #expect(kept.channels.allSatisfy((0..<kept.count).contains))
    }
    #expect(!packed.keptChannels.isEmpty)
  }

  @Test("results of operators agree in the channels that are kept")
  func selects() {
    let kept = KeptChannels(channels: [1, 3], count: 4, isLayer: true)
    #expect(kept.selecting([0, 1, 2, 3, 10, 11, 12, 13]) == [1, 3, 11, 13])
    #expect(kept.selecting([0, 1, 2]) == [0, 1, 2])
  }

  @Test("a constant that a layer reads keeps all of its elements", arguments: UInt64(0)..<4)
  func keepsConstants(seed: UInt64) throws {
    var graph = IdleChannels.network(seed: seed)
    // What the third layer reads becomes a constant; the layers before it stay for another output.
    let read = try #require(graph.operators[2].inputs[0])
    var random = SplitMix64(seed: seed)
    var constant = graph[read]
    constant.constant = (0..<constant.byteCount).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    graph.tensors.append(constant)
    graph.operators[2].inputs[0] = TensorID(graph.tensors.count - 1)
    graph.outputs.append(read)
    try graph.verify()
    let packed = try BlobPacker.pack(graph)
    let reference = try BlobPacker.pack(graph, options: PackOptions(isReference: true))
    let inputs = RandomLayers.inputs(of: graph, seed: seed)
    #expect(
      try HostModel(blob: packed.bytes).run(inputs: inputs)
        == HostModel(blob: reference.bytes).run(inputs: inputs))
  }

  @Test("networks that need all of their channels keep them")
  func changesNothingElse() throws {
    let packed = try BlobPacker.pack(SampleGraphs.convolutional(type: .int8))
    #expect(packed.keptChannels.isEmpty)
  }
}
