// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import HostRuntime
import ModelGraph
import TestSupport
import Testing

@Suite("the first operator that differs, where a blob leaves channels out")
struct ReducedDivergenceTests {
  @Test("is found among the channels that the blob has", arguments: UInt64(0)..<5)
  func namesTheOperator(seed: UInt64) throws {
    let graph = IdleChannels.network(seed: seed)
    let packed = try BlobPacker.pack(graph)
    // A layer of the reference has other weights, all of them.
    let changed = 5
    var other = graph
    let filter = try #require(graph.operators[changed].inputs[1])
    other.tensors[filter.index].constant = graph[filter].constant?.map {
      UInt8(bitPattern: Int8(bitPattern: $0) / 2 + 11)
    }
    let reference = try BlobPacker.pack(other, options: PackOptions(isReference: true))
    let verifier = Verifier(
      document: try Blob.parse(packed.bytes), engine: HostEngine(try HostModel(blob: packed.bytes)),
      reference: HostEngine(try HostModel(blob: reference.bytes)),
      referenceDocument: try Blob.parse(reference.bytes)
    ) {
      try KeptChannels.all(of: graph, kernelSet: .portable, rounding: .exact)
    }
    let rows = (0..<8).map { row in
      (row: row, bytes: RandomLayers.inputs(of: graph, seed: UInt64(row))[0])
    }
    let result = try verifier.verify(rows: rows, expected: nil)
    let divergence = try #require(result.firstDivergence)
    #expect(divergence.sourceOperator == changed)
  }
}
