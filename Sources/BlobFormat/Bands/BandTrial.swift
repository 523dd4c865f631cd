// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// A lowered graph with some chains in bands, and what that costs.
struct BandTrial {
  let chains: [BandedChain]
  let lowered: LoweredGraph
  /// For every step of the graph without bands, the most bytes that its steps cannot do without.
  private(set) var peaks: [Int]
  /// Bytes that bands add to the blob, about.
  private(set) var blobBytes = 0
  /// Bytes that are copied because of bands.
  private(set) var copiedBytes = 0
  /// Steps that bands add.
  let addedSteps: Int
  private let request: ArenaRequest

  /// `nil` if a chain has no legal steps.
  init?(_ plain: LoweredGraph, _ chains: [BandedChain]) {
    var lowered = plain
    var steps: [LoweredStep] = []
    var origins: [Int] = []
    var position = 0
    let ordered = chains.sorted { $0.steps.lowerBound < $1.steps.lowerBound }
    for chain in ordered {
      guard position <= chain.steps.lowerBound, var expansion = BandExpansion(chain, in: plain),
        let bands = expansion.steps(&lowered)
      else { return nil }
      steps += plain.steps[position..<chain.steps.lowerBound]
      origins += position..<chain.steps.lowerBound
      steps += bands
      origins += bands.map { band in
        chain.steps.first { plain.steps[$0].sources == band.sources } ?? chain.steps.lowerBound
      }
      position = chain.steps.upperBound + 1
      copiedBytes += bands.reduce(0) { sum, step in
        step.kernel == .copy ? sum + lowered.graph[step.outputs[0]].byteCount : sum
      }
    }
    steps += plain.steps[position...]
    origins += position..<plain.steps.count
    guard steps.count <= Int(SHUNT_MAX_STEPS) else { return nil }
    lowered.steps = steps
    self.lowered = lowered
    self.chains = ordered
    addedSteps = steps.count - plain.steps.count
    blobBytes = steps.reduce(0) { $0 + $1.recordBytes } + 40 * lowered.parts.count
    blobBytes -= plain.steps.reduce(0) { $0 + $1.recordBytes }
    request = ArenaRequest(lowered, inputsSurvive: false)
    peaks = [Int](repeating: 0, count: plain.steps.count)
    for (step, bytes) in ArenaPlanner(effort: 0).bounds(request.items, overlaps: request.overlaps)
    where step < origins.count {
      peaks[origins[step]] = max(peaks[origins[step]], bytes)
    }
  }

  /// The smallest arena that a planner finds.
  func arenaBytes(_ planner: ArenaPlanner) throws(BlobFormatError) -> Int {
    try planner.plan(request.items, overlaps: request.overlaps).arenaBytes
  }

  /// The smallest arena that a planner finds for the steps of the only chain alone.
  func chainBytes(_ planner: ArenaPlanner) throws(BlobFormatError) -> Int {
    guard let chain = chains.first else { return 0 }
    let first = chain.steps.lowerBound
    let part = request.part(during: first...(chain.steps.upperBound + addedSteps))
    return try planner.plan(part.items, overlaps: part.overlaps).arenaBytes
  }

  /// What a planner has to place.
  var itemCount: Int { request.items.count }
}

extension LoweredStep {
  /// Bytes that the step takes in a blob beside constants that others have as well, about.
  fileprivate var recordBytes: Int {
    MemoryLayout<shunt_blob_step_t>.size + (parameters.bytes.count + 15) / 16 * 16
      + 4 * (inputs.count + outputs.count)
  }
}
