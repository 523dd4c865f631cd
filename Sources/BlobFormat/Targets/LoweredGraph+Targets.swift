// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

extension LoweredGraph {
  /// The same steps in the form of a kernel set, where it has one for them.
  func realized(for set: KernelSet, rounding: Rounding) -> LoweredGraph {
    let target = set.target
    var result = self
    result.steps = steps.map { step in
      guard let layer = LayerMaterial(step, graph: graph, rounding: rounding) else {
        return target.step(step, graph: graph) ?? step
      }
      guard let form = target.form(of: layer) ?? PortableTarget().form(of: layer) else {
        return step
      }
      return step.realized(as: form)
    }
    return result
  }
}

extension LoweredStep {
  fileprivate func realized(as form: TargetForm) -> LoweredStep {
    var result = self
    result.set = form.set
    result.kernel = form.kernel
    result.requantization = form.requantization
    result.scratchBytes = form.scratchBytes
    result.overlap = form.overlap
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
