// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Builds the quantized graph, and tells what became of it.
struct Finish {
  let choice: Choice
  let plan: ScalePlan
  let result: LayerSweep.Result
  let runner: RowRunner
  var budget: BudgetReport?
  let warnings: [String]

  private var subject: Subject { choice.subject }

  func model() throws(QuantizationError) -> QuantizedModel {
    var builder = QuantizedGraphBuilder(subject.network, plan: plan, layers: result.layers)
    let graph = try builder.build()
    let contributions = try contributions()
    var layers: [LayerReport] = []
    var costs: [OperatorContributions.Contribution?] = []
    for (index, origin) in builder.origins.enumerated() {
      guard let origin, var layer = layerReport(index, operatorIndex: origin, graph) else {
        continue
      }
      layer.ownOutputSQNR = contributions[origin].flatMap { $0.output.decibels }
      layers.append(layer)
      costs.append(contributions[origin])
    }
    let output = subject.targets.reduce(into: OutputError(count: 1)) {
      $0.add(result.errors[$1.index])
    }
    let report = QuantizationReport(
      layers: layers, trials: choice.trials, calibration: choice.methods.best,
      equalizesChannels: choice.equalizesChannels, outputSQNR: output.decibels,
      costliest: CostAdvice(layers: layers, contributions: costs).costliest(), budget: budget,
      channelsLeftOut: choice.channelsLeftOut, weightBytesLeftOut: choice.weightBytesLeftOut,
      warnings: warnings + rangeWarnings())
    return QuantizedModel(graph: graph, report: report)
  }

  /// What each operator costs alone, but for those that only move elements.
  private func contributions() throws(QuantizationError)
    -> [Int: OperatorContributions.Contribution]
  {
    let network = subject.network
    let operators = network.graph.operators.indices.filter { index in
      switch network.rule(of: index) {
      case .own, .fixed: true
      case .shared:
        if case .averagePool2D = network.graph.operators[index].kind { true } else { false }
      case .unquantized, .unsupported: false
      }
    }
    let simulation = try subject.simulation(plan, layers: result.layers)
    return try OperatorContributions(subject, simulation, operators: operators, runner: runner)
      .contributions
  }

  private func layerReport(_ index: Int, operatorIndex: Int, _ graph: Graph) -> LayerReport? {
    let network = subject.network
    let operation = graph.operators[index]
    guard let source = network.graph.operators[operatorIndex].outputs.first,
      let group = plan.groups.group(of: source), let parameters = plan.parameters(of: source),
      let integers = network.type(of: source).quantizedRange
    else { return nil }
    let isFixed = plan.groups.groups[group].fixed != nil
    let isShared = plan.groups.groups[group].sources.first != source
    return LayerReport(
      index: index, kind: operation.kind.label, name: operation.name,
      sourceOperators: operation.sourceIndices,
      weightBits: network.layerOfOperator[operatorIndex].map { result.layers[$0].bits },
      activationBits: network.type(of: source).bitWidth,
      method: isFixed ? "fixed" : isShared ? "shared" : choice.methods.best.rawValue,
      lowerBound: Float(integers.lowerBound - parameters.zeroPoint) * parameters.scale,
      upperBound: Float(integers.upperBound - parameters.zeroPoint) * parameters.scale,
      scale: parameters.scale, zeroPoint: parameters.zeroPoint,
      sqnr: result.errors[source.index].decibels)
  }

  private func rangeWarnings() -> [String] {
    let network = subject.network
    var warnings: [String] = []
    for operation in network.graph.operators {
      for output in operation.outputs {
        guard let seen = subject.observation.tensors[output.index]?.extremes(.all),
          seen.upper - seen.lower < ValueRange.leastWidth
        else { continue }
        warnings.append(
          "the result of \(operation.kind.label) '\(operation.name)' is 0 in every calibration "
            + "row: the layer is dead, or the rows are not what the model was trained for")
      }
    }
    return warnings
  }
}
