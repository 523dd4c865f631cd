// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Where the tensors and the scratch of a lowered graph lie.
struct MemoryLayoutPlan {
  /// Arena offset and lifetime by storage tensor.
  private(set) var tensors: [Int: (offset: Int, lifetime: LoweredGraph.Lifetime)] = [:]
  /// Arena offset of each step's scratch; 0 where there is none.
  private(set) var scratch: [Int]
  let arenaBytes: Int
  let lowerBound: Int
  let inputSurvives: Bool

  /// Plans twice, with inputs that may be overwritten and with inputs that stay, and keeps the second
  /// if it costs nothing.
  static func make(
    _ lowered: LoweredGraph, graph: Graph, planner: ArenaPlanner
  ) throws(BlobFormatError) -> MemoryLayoutPlan {
    let smallest = try MemoryLayoutPlan(
      lowered, graph: graph, planner: planner, inputSurvives: false)
    let surviving = try MemoryLayoutPlan(
      lowered, graph: graph, planner: planner, inputSurvives: true)
    return surviving.arenaBytes <= smallest.arenaBytes ? surviving : smallest
  }

  private init(
    _ lowered: LoweredGraph, graph: Graph, planner: ArenaPlanner, inputSurvives: Bool
  ) throws(BlobFormatError) {
    let lifetimes = lowered.lifetimes(of: graph, inputsSurvive: inputSurvives)
    let storages = lifetimes.keys.sorted()
    var items: [ArenaItem] = []
    var itemOfStorage: [Int: Int] = [:]
    for storage in storages {
      guard let lifetime = lifetimes[storage] else { continue }
      let tensor = graph.tensors[storage]
      itemOfStorage[storage] = items.count
      items.append(
        ArenaItem(
          name: tensor.name, bytes: tensor.byteCount, firstStep: lifetime.first,
          lastStep: lifetime.last))
    }
    var aliases: [ArenaAlias] = []
    for step in lowered.steps {
      guard let output = step.outputs.first.map({ lowered.storage[$0.index] }) else { continue }
      for position in step.inPlaceInputs {
        let input = lowered.storage[step.inputs[position].index]
        if let source = itemOfStorage[input], let target = itemOfStorage[output] {
          aliases.append(ArenaAlias(source: source, target: target, kind: .inPlace))
        }
      }
    }
    var itemOfScratch: [Int: Int] = [:]
    for (index, step) in lowered.steps.enumerated() where step.scratchBytes > 0 {
      itemOfScratch[index] = items.count
      items.append(
        ArenaItem(
          name: "scratch of \(step.name)", bytes: step.scratchBytes, firstStep: index,
          lastStep: index))
    }
    let plan = try planner.plan(items, aliases: aliases)
    for (storage, item) in itemOfStorage {
      if let lifetime = lifetimes[storage] { tensors[storage] = (plan.offsets[item], lifetime) }
    }
    scratch = lowered.steps.indices.map { step in
      itemOfScratch[step].map { plan.offsets[$0] } ?? 0
    }
    arenaBytes = plan.arenaBytes
    lowerBound = plan.lowerBound
    self.inputSurvives = inputSurvives
  }
}
