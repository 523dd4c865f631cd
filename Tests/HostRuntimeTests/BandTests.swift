// SPDX-License-Identifier: Apache-2.0
import HostRuntime
import ModelGraph
import TestSupport
import Testing

@testable import BlobFormat

/// Overlaps and bands of rows change where bytes lie and in which order rows are computed, and nothing else.
@Suite struct BandTests {
  private func pack(
    _ graph: Graph, _ reuse: ArenaReuse, limit: Int? = nil
  ) throws -> PackedBlob {
    try BlobPacker.pack(
      graph,
      options: PackOptions(
        planner: ArenaPlanner(effort: 20_000), arenaReuse: reuse, arenaLimit: limit))
  }

  private func run(_ blob: PackedBlob, _ inputs: [[UInt8]]) throws -> [[[UInt8]]] {
    _ = try Blob.parse(blob.bytes)
    let model = try HostModel(blob: blob.bytes)
    return try inputs.map { try model.run(inputs: [$0]) }
  }

  private func inputs(of graph: Graph, seed: UInt64) -> [[UInt8]] {
    var random = TestSupport.SplitMix64(seed: seed)
    let bytes = graph[graph.inputs[0]].byteCount
    return (0..<3).map { _ in (0..<bytes).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
  }

  /// The blob with the smallest arena that a search without budget finds.
  private func smallest(_ graph: Graph) throws -> PackedBlob? {
    let attempt = Result { try BlobPacker.pack(graph, options: PackOptions(arenaLimit: 16)) }
    guard case .failure(let error) = attempt,
      case .arenaLimitExceeded(_, let found, let reason)? = error as? BlobFormatError
    else { return nil }
    #expect(reason.contains("step "))
    return try pack(graph, .bands, limit: found)
  }

  @Test("however the arena is made small, the outputs have the same bits", arguments: 0..<60)
  func sameBits(seed: Int) throws {
    let graph = ImageGraph.make(seed: UInt64(seed))
    let inputs = inputs(of: graph, seed: UInt64(seed) + 1000)
    let apart = try pack(graph, .apart)
    let expected = try run(apart, inputs)
    let overlapping = try pack(graph, .overlaps)
    let usual = try pack(graph, .bands)
    let least = try smallest(graph) ?? usual
    for blob in [overlapping, usual, least] {
      #expect(try run(blob, inputs) == expected)
      #expect(blob.arenaBytes <= apart.arenaBytes)
      #expect(try Blob.parse(blob.bytes).macs == Blob.parse(apart.bytes).macs)
    }
    #expect(least.arenaBytes <= usual.arenaBytes)
  }

  @Test("every way of cutting a chain into bands gives the same bits", arguments: 0..<40)
  func everyCut(seed: Int) throws {
    let graph = ImageGraph.make(seed: UInt64(seed) + 500)
    let inputs = inputs(of: graph, seed: UInt64(seed) + 2000)
    let expected = try run(try pack(graph, .apart), inputs)
    let plain = try Lowering.lower(graph).realized(for: .portable, rounding: .exact)
    var random = TestSupport.SplitMix64(seed: UInt64(seed))
    var tried = 0
    for _ in 0..<60 where tried < 8 {
      let first = Int(random.next() % UInt64(plain.steps.count))
      let last = min(plain.steps.count - 1, first + Int(random.next() % 4))
      let chain = BandedChain(
        steps: first...last, rowsPerBand: 1 + Int(random.next() % 6),
        isReversed: random.next() % 3 == 0, usesBuffers: random.next() % 2 == 0)
      guard let trial = BandTrial(plain, [chain]) else { continue }
      let blob = try BlobPacker.pack(graph, lowered: trial.lowered)
      #expect(try run(blob, inputs) == expected, "\(chain)")
      tried += 1
    }
  }
}
