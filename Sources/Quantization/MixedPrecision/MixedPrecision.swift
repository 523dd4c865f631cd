// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Finds the grids of all layers' weights that keep a budget with the least error of the outputs.
///
/// What each layer costs on each grid is measured; errors of layers add up nearly enough that a knapsack
/// finds an assignment. It is then measured again with that assignment in place, since rounding makes
/// good for some of the layers before, and solved anew. The assignment with the least error of the whole
/// network, rounded with all layers in place, wins.
struct MixedPrecision {
  let subject: Subject
  let plan: ScalePlan
  let settings: QuantizationSettings
  let runner: RowRunner

  /// How many times the assignment is improved at most.
  private static let rounds = 3

  /// The layers on their grids.
  func rounded(
    progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> LayerSweep.Result {
    let stored = subject.network.layers.map(StoredWeights.init)
    if settings.weights == .int4 {
      return try sweep(stored.map { $0.nibbleGrids.first ?? .int8 }).run(progress: progress)
    }
    let options = subject.network.layers.indices.map { number in
      ([.int8] + stored[number].nibbleGrids).map { grid in
        (grid: grid, cost: cost(number, stored[number], grid))
      }
    }
    let budget = try self.budget(options.map { $0.map(\.cost) })
    guard options.contains(where: { $0.count > 1 }) else {
      return try sweep(options.map { _ in .int8 }).run(progress: progress)
    }
    return try search(options, budget: budget, progress: progress)
  }

  private func search(
    _ options: [[(grid: WeightGrid, cost: Double)]], budget: Double,
    progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> LayerSweep.Result {
    let analysis = SensitivityAnalysis(candidates: options.map { $0.map(\.grid) })
    var (result, measured) = try analysis.run(
      sweep(options.map { _ in .int8 }), progress: progress)
    var tried: Set<[Int]> = []
    var best: (ratio: Double, result: LayerSweep.Result)?
    for _ in 0..<Self.rounds {
      let problem = zip(options, measured).map { options, measured in
        zip(options, measured).map { PrecisionKnapsack.Option(cost: $0.cost, error: $1.error) }
      }
      guard let choice = PrecisionKnapsack().solve(problem, budget: budget),
        tried.insert(choice).inserted
      else { break }
      let grids = zip(options, choice).map { $0[$1].grid }
      (result, measured) = try analysis.run(
        sweep(grids, initial: result.layers), progress: progress)
      let ratio = try self.ratio(of: result.layers)
      if ratio < best?.ratio ?? .infinity { best = (ratio, result) }
    }
    return best?.result ?? result
  }

  private func ratio(of layers: [QuantizedLayer]) throws(QuantizationError) -> Double {
    let simulation = try subject.simulation(plan, layers: layers)
    return try subject.outputError(simulation, rows: runner.allRows, runner: runner).ratio
  }

  private func sweep(_ grids: [WeightGrid], initial: [QuantizedLayer]? = nil) -> LayerSweep {
    LayerSweep(
      subject: subject, plan: plan, settings: settings, runner: runner, grids: grids,
      initial: initial)
  }

  // MARK: Budget

  private func cost(_ number: Int, _ stored: StoredWeights, _ grid: WeightGrid) -> Double {
    let bytes = stored.bytes(on: grid)
    guard let cost = settings.precisionCost else { return Double(bytes) }
    let layer = subject.network.layers[number]
    let operation = subject.network.graph.operators[layer.index]
    return cost(
      LayerPrecision(
        sourceOperator: subject.network.position(of: layer.index), kind: operation.kind.label,
        name: operation.name, weightBits: grid.bits, groupSize: grid.groupSize, weightBytes: bytes))
  }

  /// The share that the settings give of what all layers cost in 8 bits.
  private func budget(_ costs: [[Double]]) throws(QuantizationError) -> Double {
    guard costs.allSatisfy({ $0.allSatisfy { $0.isFinite && $0 >= 0 } }) else {
      throw .illegalSetting(
        name: "The cost of a layer", value: "negative or no number",
        remedy: "Give finite costs from 0.")
    }
    let whole = costs.reduce(0) { $0 + $1[0] }
    let budget = settings.weightByteBudgetRatio * whole
    let least = costs.reduce(0) { $0 + ($1.min() ?? 0) }
    guard least <= budget else {
      let possible = (least / whole * 100).rounded(.up) / 100
      throw .illegalSetting(
        name: "The budget of mixed precision", value: "\(settings.weightByteBudgetRatio)",
        remedy: "This model can be brought to no less than \(possible) of what it takes in int8 "
          + "(depthwise convolutions and very small layers stay int8): give at least that.")
    }
    return budget
  }
}
