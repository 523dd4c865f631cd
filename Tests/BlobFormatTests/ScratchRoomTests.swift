// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@testable import BlobFormat

@Suite("scratch beyond what is needed")
struct ScratchRoomTests {
  /// Layers of many sizes, in the form of the set whose convolutions have use for more scratch.
  private func layers(seed: UInt64) throws -> LoweredGraph {
    try Lowering.lower(RandomLayers.graph(seed: seed, count: 12))
      .realized(for: .dsp, rounding: .exact)
  }

  @Test(
    "more scratch takes no byte of the arena beyond what is worthwhile", arguments: UInt64(0)..<4)
  func keepsArena(seed: UInt64) throws {
    let lowered = try layers(seed: seed)
    var lean = lowered
    for index in lean.steps.indices {
      lean.steps[index].usefulScratchBytes = []
      lean.steps[index].worthwhileScratchBytes = 0
    }
    let planner = ArenaPlanner(effort: 10_000)
    let plan = try MemoryLayoutPlan.make(lowered, planner: planner)
    let leanPlan = try MemoryLayoutPlan.make(lean, planner: planner)
    #expect(plan.arenaBytes <= leanPlan.arenaBytes + 1152)
    let limited = try MemoryLayoutPlan.make(
      lowered, planner: planner, limit: leanPlan.arenaBytes)
    #expect(limited.arenaBytes <= leanPlan.arenaBytes)
    var more = 0
    for (index, step) in lowered.steps.enumerated() {
      let (scratch, needed) = (plan.scratch(ofStep: index), leanPlan.scratch(ofStep: index))
      #expect(needed.count == step.scratchBytes)
      let sizes = [step.scratchBytes] + step.usefulScratchBytes
      #expect(sizes.contains(scratch.count))
      #expect(scratch.upperBound <= plan.arenaBytes && scratch.lowerBound.isMultiple(of: 16))
      more += scratch.count > needed.count ? 1 : 0
    }
    #expect(more > 0)
  }

  @Test("no tensor that is alive lies in it", arguments: UInt64(0)..<4)
  func keepsTensors(seed: UInt64) throws {
    let lowered = try layers(seed: seed)
    let plan = try MemoryLayoutPlan.make(lowered, planner: ArenaPlanner(effort: 10_000))
    for (index, step) in lowered.steps.enumerated() {
      for tensor in lowered.graph.tensors.indices {
        guard let place = plan.place(of: TensorID(tensor)),
          place.lifetime.first <= index && index <= place.lifetime.last
        else { continue }
        let bytes = lowered.graph.tensors[tensor].byteCount
        let range = place.offset..<(place.offset + bytes)
        #expect(!plan.scratch(ofStep: index).overlaps(range), "step \(index) \(step.name)")
      }
    }
  }
}
