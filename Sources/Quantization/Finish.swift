// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// Builds the quantized graph, and measures what became of it.
struct Finish {
  let subject: Subject
  let choice: MethodChoice
  let plan: ScalePlan
  let layers: [QuantizedLayer]
  let runner: RowRunner

  func model() throws(QuantizationError) -> QuantizedModel {
    var builder = QuantizedGraphBuilder(subject.network, plan: plan, layers: layers)
    let graph = try builder.build()
    let simulation = try subject.simulation(plan, layers: layers)
    let errors = try tensorErrors(simulation)
    let output = subject.targets.reduce(into: OutputError(count: 1)) { $0.add(errors[$1.index]) }
    let report = QuantizationReport(
      layers: builder.origins.enumerated().compactMap { index, origin in
        origin.flatMap { layerReport(index, operatorIndex: $0, graph, errors) }
      }, trials: choice.trials, calibration: choice.best, equalizesChannels: false,
      outputSQNR: output.decibels, costliest: [], warnings: [])
    return QuantizedModel(graph: graph, report: report)
  }

  private func layerReport(
    _ index: Int, operatorIndex: Int, _ graph: Graph, _ errors: [OutputError]
  ) -> LayerReport? {
    let network = subject.network
    let operation = graph.operators[index]
    let source = network.graph.operators[operatorIndex].outputs.first
    guard let source, let group = plan.groups.group(of: source),
      let parameters = plan.parameters(of: source),
      let type = network.type.quantizedRange
    else { return nil }
    let isFixed = plan.groups.groups[group].fixed != nil
    let isShared = plan.groups.groups[group].sources.first != source
    return LayerReport(
      index: index, kind: operation.kind.label, name: operation.name,
      sourceOperators: operation.sourceIndices,
      weightBits: network.layerOfOperator[operatorIndex].map { layers[$0].bits },
      activationBits: network.type.bitWidth,
      method: isFixed ? "fixed" : isShared ? "shared" : choice.best.rawValue,
      lowerBound: Float(type.lowerBound - parameters.zeroPoint) * parameters.scale,
      upperBound: Float(type.upperBound - parameters.zeroPoint) * parameters.scale,
      scale: parameters.scale, zeroPoint: parameters.zeroPoint,
      sqnr: errors[source.index].decibels)
  }

  /// For each tensor the error of the quantized network against the float one.
  private func tensorErrors(_ simulation: Simulation) throws(QuantizationError) -> [OutputError] {
    let network = subject.network
    let tensors = network.graph.tensors.indices.map(TensorID.init)
      .filter(network.isActivation)
    let rows = try runner.map(runner.allRows, [subject.executor, simulation.executor]) {
      (contexts, _, _) throws(GraphExecutionError) in
      try contexts[0].run()
      try simulation.run(contexts[1])
      return tensors.map { id in
        contexts[0].withFloats(id) { reference in
          contexts[1].withFloats(id) { values in
            var error = OutputError(count: 1)
            error.add(0, reference: UnsafeBufferPointer(reference), values: values)
            return error
          }
        }
      }
    }
    var result = [OutputError](
      repeating: OutputError(count: 1), count: network.graph.tensors.count)
    for row in rows {
      for (position, id) in tensors.enumerated() { result[id.index].add(row[position]) }
    }
    return result
  }
}
