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
  /// Each step's scratch in the arena; at 0 and empty where there is none.
  private let scratch: [Range<Int>]
  private let room: ScratchRoom

  /// Arena offset of a tensor of the state region; `nil` for others.
  func statePlace(of tensor: TensorID) -> Int? { statePlaces[tensor] }

  /// Arena offset and lifetime of a tensor; `nil` for constants and state.
  func place(of tensor: TensorID) -> (offset: Int, lifetime: LoweredGraph.Lifetime)? {
    places[tensor]
  }

  /// A step's scratch in the arena; at 0 and empty if it has none.
  func scratch(ofStep step: Int) -> Range<Int> { scratch[step] }

  /// Plans with the scratch that steps need, and then with what is worthwhile for them, and with as much
  /// more as the arena has left, which may lie in pieces. Keeps the plan with the most scratch whose arena
  /// has grown by no more than what is worthwhile for one step.
  ///
  /// - Parameter limit: Bytes that the arena must not exceed on that account.
  static func make(
    _ lowered: LoweredGraph, planner: ArenaPlanner, limit: Int? = nil
  ) throws(BlobFormatError) -> MemoryLayoutPlan {
    let plan = try plain(lowered, planner: planner)
    var (roomy, modest) = (lowered, lowered)
    var growth = 0
    for (index, step) in lowered.steps.enumerated() {
      let worthwhile = max(step.scratchBytes, step.worthwhileScratchBytes)
      modest.steps[index].scratchBytes = worthwhile
      roomy.steps[index].scratchBytes = max(worthwhile, plan.room.bytes(for: step, at: index))
      growth = max(growth, (worthwhile - step.scratchBytes + 15) / 16 * 16)
    }
    let most = max(plan.arenaBytes, min(plan.arenaBytes + growth, limit ?? Int.max))
    for variant in [roomy, modest]
    where variant.steps.map(\.scratchBytes) != lowered.steps.map(\.scratchBytes) {
      let trial = try plain(variant, planner: planner)
      guard trial.arenaBytes <= most, trial.inputSurvives || !plan.inputSurvives else { continue }
      return trial
    }
    return plan
  }

  /// Plans twice, with inputs that may be overwritten and with inputs that stay, and keeps the second
  /// if it costs nothing.
  private static func plain(
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
    let room = ScratchRoom(request, plan)
    self.room = room
    let scratch = lowered.steps.enumerated().map { index, step in
      room.place(of: step, at: index)
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
