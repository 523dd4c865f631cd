// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Builds the quantized graph, and measures what became of it.
struct Finish {
  let subject: Subject
  let choice: MethodChoice
  let plan: ScalePlan
  let result: LayerSweep.Result

  func model() throws(QuantizationError) -> QuantizedModel {
    var builder = QuantizedGraphBuilder(subject.network, plan: plan, layers: result.layers)
    let graph = try builder.build()
    let errors = result.errors
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
      weightBits: network.layerOfOperator[operatorIndex].map { result.layers[$0].bits },
      activationBits: network.type.bitWidth,
      method: isFixed ? "fixed" : isShared ? "shared" : choice.best.rawValue,
      lowerBound: Float(type.lowerBound - parameters.zeroPoint) * parameters.scale,
      upperBound: Float(type.upperBound - parameters.zeroPoint) * parameters.scale,
      scale: parameters.scale, zeroPoint: parameters.zeroPoint,
      sqnr: errors[source.index].decibels)
  }
}
