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
    let surviving = try MemoryLayoutPlan(lowered, planner: planner, inputSurvives: true)
    return surviving.arenaBytes <= smallest.arenaBytes ? surviving : smallest
  }

  private init(
    _ lowered: LoweredGraph, planner: ArenaPlanner, inputSurvives: Bool
  ) throws(BlobFormatError) {
    let lifetimes = lowered.lifetimes(inputsSurvive: inputSurvives)
    var request = Request()
    for (tensor, lifetime) in lifetimes.sorted(by: { $0.key < $1.key }) {
      request.add(tensor, lowered.graph[tensor], lifetime)
    }
    request.addViews(lowered.storage)
    for (index, step) in lowered.steps.enumerated() { request.add(step, at: index) }
    let plan = try planner.plan(request.items, aliases: request.aliases)
    places = lifetimes.reduce(into: [:]) { places, entry in
      if let item = request.itemOfTensor[entry.key] {
        places[entry.key] = (plan.offsets[item], entry.value)
      }
    }
    scratch = lowered.steps.indices.map { step in
      request.itemOfScratch[step].map { plan.offsets[$0] } ?? 0
    }
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

  /// What the planner is asked.
  private struct Request {
    var items: [ArenaItem] = []
    var aliases: [ArenaAlias] = []
    var itemOfTensor: [TensorID: Int] = [:]
    var itemOfScratch: [Int: Int] = [:]

    mutating func add(_ id: TensorID, _ tensor: Tensor, _ lifetime: LoweredGraph.Lifetime) {
      itemOfTensor[id] = items.count
      items.append(
        ArenaItem(
          name: tensor.name, bytes: tensor.byteCount, firstStep: lifetime.first,
          lastStep: lifetime.last))
    }

    /// Ties together all names of the same bytes.
    mutating func addViews(_ storage: [Int]) {
      var firstOfStorage: [Int: Int] = [:]
      for (tensor, item) in itemOfTensor.sorted(by: { $0.key < $1.key }) {
        if let first = firstOfStorage[storage[tensor.index]] {
          aliases.append(ArenaAlias(source: first, target: item, kind: .view))
        } else {
          firstOfStorage[storage[tensor.index]] = item
        }
      }
    }

    mutating func add(_ step: LoweredStep, at index: Int) {
      if step.scratchBytes > 0 {
        itemOfScratch[index] = items.count
        items.append(
          ArenaItem(
            name: "scratch of \(step.name)", bytes: step.scratchBytes, firstStep: index,
            lastStep: index))
      }
      guard let target = step.outputs.first.flatMap({ itemOfTensor[$0] }) else { return }
      for position in step.inPlaceInputs {
        if let source = itemOfTensor[step.inputs[position]] {
          aliases.append(ArenaAlias(source: source, target: target, kind: .inPlace))
        }
      }
    }
  }
}
