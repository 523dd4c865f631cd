// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// The stages of one quantization.
struct QuantizationRun {
  let settings: QuantizationSettings
  let runner: RowRunner
  let original: PreparedNetwork

  init(
    _ graph: Graph, calibration: CalibrationData, settings: QuantizationSettings
  ) throws(QuantizationError) {
    self.settings = settings
    runner = RowRunner(
      calibration: calibration,
      threads: max(1, settings.threads ?? ParallelRows.defaultThreadCount))
    original = try PreparedNetwork(graph, type: settings.activations == .int8 ? .int8 : .int16)
  }

  func run(
    progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> QuantizedModel {
    progress(QuantizationProgress(stage: .observing, completed: 0, total: 1))
    let subject = try Subject(original, runner: runner)
    progress(QuantizationProgress(stage: .choosing, completed: 0, total: 1))
    let choice = try MethodChoice(subject, settings: settings, runner: runner)
    progress(QuantizationProgress(stage: .rounding, completed: 0, total: 1))
    let plan = subject.plan(choice.best, rows: .all)
    let sweep = LayerSweep(
      subject: subject, plan: plan, settings: settings, runner: runner,
      grids: subject.network.layers.map { _ in .int8 })
    let layers = try sweep.run(progress: progress)
    progress(QuantizationProgress(stage: .measuring, completed: 0, total: 1))
    return try Finish(subject: subject, choice: choice, plan: plan, layers: layers, runner: runner)
      .model()
  }
}
