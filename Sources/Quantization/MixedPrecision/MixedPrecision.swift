// SPDX-License-Identifier: Apache-2.0
internal import Foundation
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

  /// A network's layers on their grids, and what the user should know about it.
  struct Outcome {
    var result: LayerSweep.Result
    var budget: BudgetReport?
    var warnings: [String] = []
  }

  /// Chooses the grids that the settings ask for, and rounds.
  func rounded(
    progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> Outcome {
    let network = subject.network
    let stored = network.layers.map {
      StoredWeights($0, type: network.type(ofOperator: $0.index))
    }
    switch settings.weights {
    case .int8:
      return Outcome(result: try sweep(stored.map { _ in .int8 }).run(progress: progress))
    case .int4:
      let grids = stored.map { $0.nibbleGrids.first ?? .int8 }
      return Outcome(result: try sweep(grids).run(progress: progress))
    case .mixed:
      return try mixed(stored, progress: progress)
    }
  }

  private func mixed(
    _ stored: [StoredWeights], progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> Outcome {
    let options = subject.network.layers.indices.map { number in
      ([.int8] + stored[number].nibbleGrids).map { grid in
        (grid: grid, cost: cost(number, stored[number], grid))
      }
    }
    let costs = options.map { $0.map(\.cost) }
    try Self.check(costs)
    let whole = costs.reduce(0) { $0 + $1[0] }
    let cheapest = costs.map { costs in costs.indices.min { costs[$0] < costs[$1] } ?? 0 }
    let least = zip(costs, cheapest).reduce(0) { $0 + $1.0[$1.1] }
    if let budget = settings.precisionBudget {
      return try keep(budget, options, whole: whole, least: least, progress: progress)
    }
    let budget = settings.weightByteBudgetRatio * whole
    guard least <= budget else {
      let grids = zip(options, cheapest).map { $0[$1].grid }
      return Outcome(
        result: try sweep(grids).run(progress: progress),
        warnings: [Self.warning(share: least / whole, asked: settings.weightByteBudgetRatio)])
    }
    return Outcome(result: try search(options, budget: budget, progress: progress).result)
  }

  /// The search under a budget of time or energy, which is refused if it is out of reach.
  private func keep(
    _ budget: PrecisionBudget, _ options: [[(grid: WeightGrid, cost: Double)]], whole: Double,
    least: Double, progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> Outcome {
    let fixed = budget.fixedCost
    guard fixed.isFinite, fixed >= 0, fixed + least <= budget.limit else {
      throw .budgetOutOfReach(
        unit: budget.unit, limit: budget.limit, least: fixed + least, int8: fixed + whole)
    }
    let found = try search(options, budget: budget.limit - fixed, progress: progress)
    let reached = zip(options, found.choice).reduce(fixed) { $0 + $1.0[$1.1].cost }
    return Outcome(
      result: found.result,
      budget: BudgetReport(
        unit: budget.unit, limit: budget.limit, reached: reached, int8: fixed + whole,
        least: fixed + least))
  }

  private func search(
    _ options: [[(grid: WeightGrid, cost: Double)]], budget: Double,
    progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> (result: LayerSweep.Result, choice: [Int]) {
    let analysis = SensitivityAnalysis(candidates: options.map { $0.map(\.grid) })
    var (result, measured) = try analysis.run(
      sweep(options.map { _ in .int8 }), progress: progress)
    var tried: Set<[Int]> = []
    var best: (ratio: Double, result: LayerSweep.Result, choice: [Int])?
    for round in 0...Self.rounds {
      // The first to be tried is the finest grid of four bits for all: there measurements are taken in
      // the place where most layers will be.
      let choice =
        round == 0
        ? options.map { min(1, $0.count - 1) }
        : PrecisionKnapsack().solve(problem(options, measured), budget: budget)
      guard let choice, tried.insert(choice).inserted else { break }
      let cost = zip(options, choice).reduce(0) { $0 + $1.0[$1.1].cost }
      guard round > 0 || cost <= budget else { continue }
      let grids = zip(options, choice).map { $0[$1].grid }
      (result, measured) = try analysis.run(
        sweep(grids, initial: result.layers), progress: progress)
      let ratio = try self.ratio(of: result.layers)
      if ratio < best?.ratio ?? .infinity { best = (ratio, result, choice) }
    }
    guard let best else { return (result, options.map { _ in 0 }) }
    return (best.result, best.choice)
  }

  private func problem(
    _ options: [[(grid: WeightGrid, cost: Double)]],
    _ measured: [[SensitivityAnalysis.Measurement]]
  ) -> [[PrecisionKnapsack.Option]] {
    zip(options, measured).map { options, measured in
      zip(options, measured).map { PrecisionKnapsack.Option(cost: $0.cost, error: $1.error) }
    }
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
    guard let budget = settings.precisionBudget else { return Double(bytes) }
    let layer = subject.network.layers[number]
    let operation = subject.network.graph.operators[layer.index]
    return budget.cost(
      LayerPrecision(
        sourceOperator: subject.network.position(of: layer.index), kind: operation.kind.label,
        name: operation.name, weightBits: grid.bits, groupSize: grid.groupSize, weightBytes: bytes))
  }

  private static func check(_ costs: [[Double]]) throws(QuantizationError) {
    guard costs.allSatisfy({ $0.allSatisfy { $0.isFinite && $0 >= 0 } }) else {
      throw .illegalSetting(
        name: "The cost of a layer", value: "negative or no number",
        remedy: "Give finite costs from 0.")
    }
  }

  private static func warning(share: Double, asked: Double) -> String {
    let percent = Int((share * 100).rounded(.up))
    let limit = String(format: "%g", asked * 100)
    return
      "the weights take \(percent) % of what they do in int8, more than the \(limit) % asked for: "
      + "depthwise and transposed convolutions and very small layers have no form in four bits"
  }
}
