// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// Rounds layer after layer, each against what the layers before it, already rounded, give it, and
/// against the float network's outputs.
struct LayerSweep {
  let subject: Subject
  let plan: ScalePlan
  let settings: QuantizationSettings
  let runner: RowRunner
  /// The grid of each layer's weights.
  let grids: [WeightGrid]
  /// The layers before their turn; rounded to the nearest integers where there are none.
  var initial: [QuantizedLayer]?

  /// Layers, and for each tensor its error in the network made of them.
  struct Result {
    var layers: [QuantizedLayer]
    var errors: [OutputError]
  }

  /// Multiplications and additions of both networks that a sweep may take, about.
  private static let workLimit = 600_000_000
  /// So many rows are always used.
  private static let leastRows = 32

  /// The rows that a sweep sees: as many as its work allows, all where weights get fewer than eight bits.
  var rows: [Int] {
    guard settings.weights == .int8 else { return runner.allRows }
    let graph = subject.network.graph
    let work = graph.operators.indices.reduce(0) { $0 + graph.multiplyAccumulates(of: $1) }
    return RowRunner.spread(
      runner.allRows, limit: max(Self.leastRows, Self.workLimit / max(1, 2 * work)))
  }

  /// - Parameter visit: Called for each layer at its turn.
  func run(
    progress: (QuantizationProgress) -> Void,
    visit: ((LayerVisit) throws(QuantizationError) -> Void)? = nil
  ) throws(QuantizationError) -> Result {
    let rows = rows
    let network = subject.network
    let operators = network.graph.operators
    var layers = initial ?? subject.nearestLayers(plan)
    var simulation = try subject.simulation(plan, layers: layers)
    var memory = SweepMemory(
      network, runner: runner, rows: rows, quantizers: simulation.quantizers)
    for index in operators.indices {
      if let number = network.layerOfOperator[index] {
        let moments = moments(number, memory, rowCount: rows.count, isVisited: visit != nil)
        try visit?(
          LayerVisit(
            sweep: self, number: number, memory: memory, moments: moments, simulation: simulation,
            initial: layers[number]))
        layers[number] = rounded(number, to: grids[number], moments: moments) ?? layers[number]
        simulation.executor = try replace(number, by: layers[number], in: simulation.executor)
        progress(
          QuantizationProgress(
            stage: .rounding, completed: number + 1, total: network.layers.count))
      }
      try memory.advance(index, reference: subject.executor, simulation: simulation)
    }
    return Result(layers: layers, errors: memory.errors)
  }

  /// The executor with one layer as given.
  func replace(
    _ number: Int, by quantized: QuantizedLayer, in executor: FloatExecutor
  ) throws(QuantizationError) -> FloatExecutor {
    let layer = subject.network.layers[number]
    do throws(GraphExecutionError) {
      return try executor.replacingConstants([
        layer.filter: layer.stored(quantized.realWeights(columns: layer.columns)),
        layer.bias: quantized.realBias(inputScale: plan.parameters(of: layer.input)?.scale ?? 1),
      ])
    } catch {
      throw .execution(error.description)
    }
  }

  private func moments(
    _ number: Int, _ memory: SweepMemory, rowCount: Int, isVisited: Bool
  ) -> LayerMoments? {
    let layer = subject.network.layers[number]
    guard let blocks = blocks(of: layer),
      let quantized = memory.quantized[layer.input.index],
      let reference = memory.reference[layer.input.index]
    else { return nil }
    return LayerMoments(
      blocks, quantized: quantized, reference: reference,
      rowCount: rowCount,
      needsCovariance: isVisited || grids[number].bits == 4
        || Effort(rows: blocks.rows, columns: blocks.columns) != .least,
      threads: runner.threads)
  }

  private func blocks(of layer: WeightedLayer) -> WeightBlocks? {
    WeightBlocks(layer, in: subject.network.graph)
  }

  /// A layer on a grid; `nil` if it has no blocks or moments.
  func rounded(_ number: Int, to grid: WeightGrid, moments: LayerMoments?) -> QuantizedLayer? {
    let network = subject.network
    let layer = network.layers[number]
    guard let moments, let blocks = blocks(of: layer) else { return nil }
    let quantizer = WeightQuantizer(
      layer, plan: plan, type: network.type(ofOperator: layer.index))
    let bias = network.bias(of: layer)
    let filter = layer.matrix(network.filter(of: layer))
    let outcomes = Slots<LayerRounding.Outcome>(count: blocks.count)
    ParallelRows.forEach(count: blocks.count, threads: runner.threads) { block, _ in
      let first = block * blocks.rows
      let rounding = BlockRounding(
        grid: grid, roundsAgainstOutputs: settings.roundsAgainstOutputs,
        smallestScales: bias[first..<first + blocks.rows].map(quantizer.leastScale(bias:)),
        threads: blocks.count == 1 ? runner.threads : 1)
      outcomes[block] = rounding.round(
        blocks.matrix(block, of: filter), even: moments.even[block], odd: moments.odd[block],
        all: moments.all(block))
    }
    return join(outcomes.filled, bias: bias, quantizer)
  }

  private func join(
    _ outcomes: [LayerRounding.Outcome], bias: [Float], _ quantizer: WeightQuantizer
  ) -> QuantizedLayer {
    let scales = outcomes.flatMap(\.weights.scales)
    let shifts = outcomes.flatMap(\.biasShifts)
    let corrected = settings.correctsBiases ? zip(bias, shifts).map { $0 + $1 } : bias
    return QuantizedLayer(
      weights: outcomes.flatMap(\.weights.integers), scales: scales,
      bias: quantizer.bias(corrected, scales: scales),
      bits: outcomes.first?.weights.grid.bits ?? 8)
  }
}
