// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

extension LoweredGraph {
  /// The same steps in the form of a kernel set, where it has one for them.
  func realized(for set: KernelSet, rounding: Rounding) -> LoweredGraph {
    let target = set.target
    let fallback = PortableTarget(acceptsLanes: set == .portable)
    return withSteps { step in
      let step = step.withLine() ?? step
      guard let layer = LayerMaterial(step, graph: graph, rounding: rounding) else {
        return target.step(step, graph: graph) ?? step
      }
      let form =
        layer.hasNibbles
        ? target.nibbleForm(of: layer) ?? fallback.nibbleForm(of: layer)
        : target.form(of: layer) ?? fallback.form(of: layer)
      return form.map(step.realized) ?? step
    }
  }

  /// The same with other steps, which are made side by side: lines take time to be found.
  private func withSteps(_ make: @Sendable (LoweredStep) -> LoweredStep) -> LoweredGraph {
    var result = self
    result.steps = steps.concurrentMap(make)
    return result
  }

  /// The same steps as the reference computes them: portable kernels on weights as the graph has them,
  /// records as the rounding asks for, nothing proved.
  func realizedAsReference(rounding: Rounding) -> LoweredGraph {
    let target = PortableTarget(acceptsLanes: false, acceptsLines: false)
    return withSteps { step in
      guard let layer = LayerMaterial(step, graph: graph, rounding: rounding) else { return step }
      let form = layer.hasNibbles ? target.nibbleForm(of: layer) : target.form(of: layer)
      return form.map(step.realized) ?? step
    }
  }
}

extension LoweredStep {
  /// A sum by a proved line, whatever the set; `nil` if the step is none, or has no line.
  fileprivate func withLine() -> LoweredStep? {
    guard kernel == .add, let sum = parameters.load(shunt_add_params_t.self),
      let line = SumLine(sum)
    else { return nil }
    var result = self
    result.kernel = .addLine
    result.parameters = ParameterImage(line.parameters(sum))
    return result
  }

  fileprivate func realized(as form: TargetForm) -> LoweredStep {
    var result = self
    result.set = form.set
    result.kernel = form.kernel
    result.requantization = form.requantization
    result.scratchBytes = form.scratchBytes
    result.usefulScratchBytes = form.usefulScratchBytes
    result.worthwhileScratchBytes = form.worthwhileScratchBytes
    result.overlap = form.overlap
    if let parameters = form.parameters { result.parameters = parameters }
    if let weights = form.weights {
      result.parameters = result.parameters.replacingWeights(by: weights)
    }
    result.parameters = result.parameters.replacingChannels(by: form.records)
    return result
  }
}

extension Array where Element: BitwiseCopyable {
  /// The bytes of records, as they lie in memory.
  var recordBytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
