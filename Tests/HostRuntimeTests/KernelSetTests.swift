// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import HostRuntime
import ModelGraph
import TestSupport
import Testing

@Suite("kernel sets")
struct KernelSetTests {
  private static let seeds = UInt64(0)..<24

  @Test("every set gives the bits of the reference", arguments: KernelSet.allCases, seeds)
  func agreesWithReference(set: KernelSet, seed: UInt64) throws {
    let graph = RandomLayers.graph(seed: seed, count: 25)
    let inputs = RandomLayers.inputs(of: graph, seed: seed)
    let expected = try reference(of: graph, inputs, rounding: .exact)
    let actual = try outputs(of: graph, set, inputs, rounding: .exact)
    for (index, node) in graph.operators.enumerated() {
      #expect(
        actual[index] == expected[index], "\(set) \(node.kind) \(graph[node.outputs[0]].shape)")
    }
  }

  @Test("fast rounding is one arithmetic", arguments: KernelSet.allCases, seeds.prefix(8))
  func agreesOnFastRounding(set: KernelSet, seed: UInt64) throws {
    let graph = RandomLayers.graph(seed: seed + 100, count: 20)
    let inputs = RandomLayers.inputs(of: graph, seed: seed)
    let expected = try reference(of: graph, inputs, rounding: .fast)
    let actual = try outputs(of: graph, set, inputs, rounding: .fast)
    for (index, node) in graph.operators.enumerated() {
      #expect(
        actual[index] == expected[index], "\(set) \(node.kind) \(graph[node.outputs[0]].shape)")
    }
  }

  @Test(
    "sets other than the portable one have kernels for usual layers",
    arguments: [
      KernelSet.dsp, .mve, .neon,
    ])
  func usesItsOwnKernels(set: KernelSet) throws {
    let packed = try BlobPacker.pack(
      SampleGraphs.convolutional(type: .int8), options: PackOptions(kernelSet: set))
    for name in ["conv2d_s8", "depthwise_conv2d_s8", "fully_connected_s8"] {
      #expect(packed.kernels.contains("\(name)_\(set.rawValue)"), "\(packed.kernels)")
    }
  }

  @Test(
    "layers of nibbles have kernels of the dsp set, for both roundings",
    arguments: [
      Rounding.exact, .fast,
    ])
  func keepsNibbles(rounding: Rounding) throws {
    var kernels: Set<String> = []
    for seed in Self.seeds {
      let options = PackOptions(kernelSet: .dsp, rounding: rounding)
      kernels.formUnion(
        try BlobPacker.pack(RandomLayers.graph(seed: seed, count: 25), options: options).kernels)
    }
    #expect(kernels.isSuperset(of: ["conv2d_s4_dsp", "fully_connected_s4_dsp"]))
  }

  private func reference(
    of graph: Graph, _ inputs: [[UInt8]], rounding: Rounding
  ) throws -> [[UInt8]] {
    let packed = try BlobPacker.pack(
      graph, options: PackOptions(rounding: rounding, isReference: true))
    return try HostModel(blob: packed.bytes).run(inputs: inputs)
  }

  private func outputs(
    of graph: Graph, _ set: KernelSet, _ inputs: [[UInt8]], rounding: Rounding
  ) throws -> [[UInt8]] {
    let packed = try BlobPacker.pack(
      graph, options: PackOptions(kernelSet: set, rounding: rounding))
    return try HostModel(blob: packed.bytes).run(inputs: inputs)
  }
}
