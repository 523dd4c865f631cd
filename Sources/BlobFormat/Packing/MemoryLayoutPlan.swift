// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Where the tensors and the scratch of a lowered graph lie.
struct MemoryLayoutPlan {
  /// Bytes of the whole arena, state included.
  let arenaBytes: Int
  let lowerBound: Int
  /// The part of the arena that is kept between runs, behind everything else; empty if there is none.
  let state: Range<Int>
  let inputSurvives: Bool
  /// Arena offset and lifetime by tensor; constants are not in it.
  private let places: [TensorID: (offset: Int, lifetime: LoweredGraph.Lifetime)]
  /// Arena offset by tensor of the state region.
  private let statePlaces: [TensorID: Int]
  /// Arena offset of each step's scratch; 0 where there is none.
  private let scratch: [Int]

  /// Arena offset of a tensor of the state region; `nil` for others.
  func statePlace(of tensor: TensorID) -> Int? { statePlaces[tensor] }

  /// Arena offset and lifetime of a tensor; `nil` for constants and state.
  func place(of tensor: TensorID) -> (offset: Int, lifetime: LoweredGraph.Lifetime)? {
    places[tensor]
  }

  /// Arena offset of a step's scratch; 0 if it has none.
  func scratchOffset(ofStep step: Int) -> Int { scratch[step] }

  /// Plans twice, with inputs that may be overwritten and with inputs that stay, and keeps the second
  /// if it costs nothing.
  static func make(
    _ lowered: LoweredGraph, planner: ArenaPlanner
  ) throws(BlobFormatError) -> MemoryLayoutPlan {
    let smallest = try MemoryLayoutPlan(lowered, planner: planner, inputSurvives: false)
    let request = ArenaRequest(lowered, inputsSurvive: true)
    let least = planner.lowerBound(request.items, overlaps: request.overlaps)
    guard least + smallest.state.count <= smallest.arenaBytes else { return smallest }
    let surviving = try MemoryLayoutPlan(lowered, planner: planner, inputSurvives: true)
    return surviving.arenaBytes <= smallest.arenaBytes ? surviving : smallest
  }

  private init(
    _ lowered: LoweredGraph, planner: ArenaPlanner, inputSurvives: Bool
  ) throws(BlobFormatError) {
    let request = ArenaRequest(lowered, inputsSurvive: inputSurvives)
    let plan = try planner.plan(request.items, overlaps: request.overlaps)
    let offsets = request.itemOfStorage.mapValues { plan.offsets[$0] }
    let scratch = lowered.steps.indices.map { step in
      request.itemOfScratch[step].map { plan.offsets[$0] } ?? 0
    }
    places = RecordLifetimes(lowered, inputsSurvive: inputSurvives, offsets, scratch: scratch)
      .places()
    self.scratch = scratch
    var statePlaces: [TensorID: Int] = [:]
    var end = plan.arenaBytes
    for entry in lowered.state {
      statePlaces[entry.tensor] = end
      end += (lowered.graph[entry.tensor].byteCount + 15) / 16 * 16
    }
    self.statePlaces = statePlaces
    state = lowered.state.isEmpty ? 0..<0 : plan.arenaBytes..<end
    arenaBytes = end
    lowerBound = plan.lowerBound + state.count
    self.inputSurvives = inputSurvives
  }
}
