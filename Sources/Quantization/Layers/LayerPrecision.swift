// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Decides which layers' weights take four bits.
struct LayerPrecision {
  let subject: Subject
  let settings: QuantizationSettings
  let runner: RowRunner

  /// Elements that share a multiplier of the storage in four bits.
  static let groupSize = 32

  /// The grid of each layer, and what the user should know about the choice.
  func grids(_ plan: ScalePlan) throws(QuantizationError) -> (
    grids: [WeightGrid], warnings: [String]
  ) {
    let narrow = subject.network.layers.map(Self.narrowGrid)
    switch settings.weights {
    case .int8: return (narrow.map { _ in .int8 }, [])
    case .int4: return (narrow.map { $0 ?? .int8 }, [])
    case .mixed: return try mixed(narrow, plan)
    }
  }

  /// The grid of four bits, for layers whose kernels have it.
  private static func narrowGrid(_ layer: WeightedLayer) -> WeightGrid? {
    switch layer.form {
    case .convolution, .fullyConnected: .int4(groupSize: groupSize)
    case .depthwise, .transposed: nil
    }
  }

  /// Bytes of a layer's weights.
  private static func byteCount(_ layer: WeightedLayer, _ grid: WeightGrid) -> Int {
    guard grid.bits == 4 else { return layer.rows * layer.columns }
    let groups = grid.groups(columns: layer.columns).count
    return layer.rows * ((layer.columns + 1) / 2) + (layer.rows * groups + 1) / 2
  }

  /// Takes four bits where a byte saved costs least, until the budget holds.
  private func mixed(
    _ narrow: [WeightGrid?], _ plan: ScalePlan
  ) throws(QuantizationError) -> (grids: [WeightGrid], warnings: [String]) {
    let layers = subject.network.layers
    let wide = layers.map { Self.byteCount($0, .int8) }
    let budget = Double(wide.reduce(0, +)) * settings.weightByteBudgetRatio
    let costs = try costs(narrow, plan)
    let candidates = layers.indices.compactMap {
      number -> (number: Int, saved: Int, cost: Double)? in
      guard let grid = narrow[number] else { return nil }
      let saved = wide[number] - Self.byteCount(layers[number], grid)
      return saved > 0 ? (number, saved, (costs[number] ?? 0) / Double(saved)) : nil
    }.sorted { ($0.cost, $0.number) < ($1.cost, $1.number) }
    var grids = layers.map { _ in WeightGrid.int8 }
    var bytes = wide.reduce(0, +)
    for candidate in candidates where Double(bytes) > budget {
      grids[candidate.number] = narrow[candidate.number] ?? .int8
      bytes -= candidate.saved
    }
    // What a later, larger layer has made superfluous goes back to eight bits, the costliest first.
    for candidate in candidates.reversed()
    where grids[candidate.number].bits == 4 && Double(bytes + candidate.saved) <= budget {
      grids[candidate.number] = .int8
      bytes += candidate.saved
    }
    let share = Double(bytes) / Double(max(1, wide.reduce(0, +)))
    let warnings =
      Double(bytes) > budget
      ? [
        "The weights take \(Int((share * 100).rounded())) % of their bytes in int8, more than asked "
          + "for: the other layers have no kernel with four bits."
      ] : []
    return (grids, warnings)
  }

  /// For each layer the output's error when its weights alone take four bits.
  private func costs(
    _ narrow: [WeightGrid?], _ plan: ScalePlan
  ) throws(QuantizationError) -> [Int: Double] {
    var constants: [TensorID: [Float]] = [:]
    for (number, layer) in subject.network.layers.enumerated() {
      guard let grid = narrow[number] else { continue }
      let weights = WeightMatrix(
        rows: layer.rows, columns: layer.columns, finite: subject.network.filter(of: layer))
      constants[layer.filter] = WeightRounding.nearest(weights, grid: grid).values
    }
    let simulation = Simulation(
      executor: try subject.replacing(constants),
      quantizers: subject.network.graph.tensors.map { _ in nil })
    let numbers = narrow.indices.filter { narrow[$0] != nil }
    let probed = try OperatorContributions(
      subject, simulation, operators: numbers.map { subject.network.layers[$0].index },
      runner: runner)
    return Dictionary(
      uniqueKeysWithValues: numbers.map {
        ($0, probed.contributions[subject.network.layers[$0].index]?.output.ratio ?? 0)
      })
  }
}
