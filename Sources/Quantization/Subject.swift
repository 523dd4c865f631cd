// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// A float network under quantization, with what was observed of it.
struct Subject: Sendable {
  let network: PreparedNetwork
  let executor: FloatExecutor
  /// The tensors whose errors are measured.
  let targets: [TensorID]
  private(set) var observation: Observation
  private(set) var groups: ScaleGroups

  /// Prepares a network and observes it.
  ///
  /// - Parameter twin: The same function with other weights, as far as it is known: then only even rows are
  ///   observed, as many as ranges need that are judged on odd ones.
  init(
    _ network: PreparedNetwork, twin: Subject? = nil, runner: RowRunner
  ) throws(QuantizationError) {
    self.network = network
    do throws(GraphExecutionError) {
      executor = try FloatExecutor(network.graph)
    } catch {
      throw .execution(error.description)
    }
    targets = OutputTargets.find(in: network)
    if let twin {
      observation = Observation(
        network, references: twin.observation.references, rowCount: runner.calibration.rowCount)
      try observation.add(
        runner.allRows.filter { $0 % 2 == 0 }, network, executor, targets: targets, runner: runner)
    } else {
      observation = try Observation(network, executor, targets: targets, runner: runner)
    }
    groups = Self.groups(network, observation)
  }

  /// Observes the odd rows too, after the even ones.
  mutating func observeRest(_ runner: RowRunner) throws(QuantizationError) {
    try observation.add(
      runner.allRows.filter { $0 % 2 == 1 }, network, executor, targets: targets, runner: runner)
    groups = Self.groups(network, observation)
  }

  private static func groups(_ network: PreparedNetwork, _ observation: Observation) -> ScaleGroups
  {
    let ranges = network.graph.tensors.enumerated().map { index, tensor in
      observation.tensors[index]?.extremes(.all) ?? tensor.floats.flatMap { ValueRange(of: $0) }
    }
    return ScaleGroups(network, ranges: ranges)
  }

  /// The scales that a method gives.
  func plan(_ method: CalibrationMethod, rows: TensorObservation.Rows) -> ScalePlan {
    ScalePlan(network, groups: groups) { id in
      let levels = network.type(of: id) == .int8 ? 256 : 65535
      return observation.tensors[id.index]?.range(method, rows, levels: levels) ?? ValueRange(0, 0)
    }
  }

  /// Every layer rounded to the nearest integers.
  func nearestLayers(_ plan: ScalePlan) -> [QuantizedLayer] {
    network.layers.map { layer in
      WeightQuantizer(layer, plan: plan, type: network.type(ofOperator: layer.index))
        .quantized(layer.matrix(network.filter(of: layer)), bias: network.bias(of: layer))
    }
  }

  /// The network as its integers compute it.
  func simulation(
    _ plan: ScalePlan, layers: [QuantizedLayer]
  ) throws(QuantizationError) -> Simulation {
    var constants = plan.constantOperands()
    for (layer, quantized) in zip(network.layers, layers) {
      constants[layer.filter] = layer.stored(quantized.realWeights(columns: layer.columns))
      constants[layer.bias] = quantized.realBias(
        inputScale: plan.parameters(of: layer.input)?.scale ?? 1)
    }
    return Simulation(executor: try replacing(constants), quantizers: plan.quantizers())
  }

  /// The executor with other constants.
  func replacing(_ constants: [TensorID: [Float]]) throws(QuantizationError) -> FloatExecutor {
    do throws(GraphExecutionError) {
      return try executor.replacingConstants(constants)
    } catch {
      throw .execution(error.description)
    }
  }

  /// The error of the outputs over some rows.
  func outputError(
    _ simulation: Simulation, rows: [Int], runner: RowRunner
  ) throws(QuantizationError) -> OutputError {
    let parts = try runner.map(rows, [simulation.executor]) {
      (contexts, row, _) throws(GraphExecutionError) in
      try simulation.run(contexts[0])
      var error = OutputError(count: targets.count)
      for (index, target) in targets.enumerated() {
        contexts[0].withFloats(target) { values in
          observation.references[row][index].withUnsafeBufferPointer {
            error.add(index, reference: $0, values: UnsafeBufferPointer(values))
          }
        }
      }
      return error
    }
    return parts.reduce(into: OutputError(count: targets.count)) { $0.add($1) }
  }
}

extension WeightQuantizer {
  init(_ layer: WeightedLayer, plan: ScalePlan, type: ElementType) {
    self.init(
      layer: layer, inputScale: plan.parameters(of: layer.input)?.scale ?? 1,
      outputScale: plan.parameters(of: layer.output)?.scale ?? 1, type: type)
  }
}
