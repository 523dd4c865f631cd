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
    original = try PreparedNetwork(
      graph, type: settings.activations == .int8 ? .int8 : .int16,
      wideResults: settings.wideResults)
  }

  func run(
    progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> QuantizedModel {
    progress(QuantizationProgress(stage: .observing, completed: 0, total: 1))
    let subject = try Subject(original, runner: runner)
    progress(QuantizationProgress(stage: .choosing, completed: 0, total: 1))
    let choice = try withoutIdleChannels(try choose(subject))
    let plan = choice.subject.plan(choice.methods.best, rows: .all)
    progress(QuantizationProgress(stage: .rounding, completed: 0, total: original.layers.count))
    let rounded = try MixedPrecision(
      subject: choice.subject, plan: plan, settings: settings, runner: runner
    ).rounded(progress: progress)
    progress(QuantizationProgress(stage: .measuring, completed: 0, total: 1))
    return try Finish(
      choice: choice, plan: plan, result: rounded.result, runner: runner, budget: rounded.budget,
      warnings: rounded.warnings
    ).model()
  }

  /// The choice for what is left of the network without channels that a blob leaves out, if weights may
  /// have four bits.
  private func withoutIdleChannels(_ choice: Choice) throws(QuantizationError) -> Choice {
    guard settings.weights != .int8 else { return choice }
    let plan = choice.subject.plan(choice.methods.best, rows: .all)
    guard let network = try ChannelOmission(subject: choice.subject, plan: plan).network()
    else { return choice }
    var result = choice
    for (before, after) in zip(choice.subject.network.layers, network.layers) {
      result.channelsLeftOut += before.rows - after.rows
      result.weightBytesLeftOut += before.rows * before.columns - after.rows * after.columns
    }
    result.subject = try Subject(network, twin: choice.subject, runner: runner)
    try result.subject.observeRest(runner)
    return result
  }

  /// Equalized channels have to lower the error to less than this share of it.
  private static let worthwhileShare = 0.95

  private func choose(_ subject: Subject) throws(QuantizationError) -> Choice {
    let methods = try MethodChoice(subject, settings: settings, runner: runner)
    let plain = Choice(subject: subject, methods: methods, trials: methods.trials)
    guard settings.equalizesChannels != false,
      let network = try ChannelEqualization(subject: subject, runner: runner).equalized()
    else { return plain }
    var equalizedSubject = try Subject(network, twin: subject, runner: runner)
    let others = try MethodChoice(
      equalizedSubject, settings: settings, candidates: [methods.best], equalizes: true,
      runner: runner)
    let trials = methods.trials + others.trials
    if settings.equalizesChannels == true || others.ratio < Self.worthwhileShare * methods.ratio {
      try equalizedSubject.observeRest(runner)
      return Choice(
        subject: equalizedSubject, methods: others, trials: trials, equalizesChannels: true)
    }
    return Choice(subject: subject, methods: methods, trials: trials)
  }
}

/// What was chosen by measured error.
struct Choice: Sendable {
  /// The network, its channels equalized or not.
  var subject: Subject
  var methods: MethodChoice
  /// All that was tried.
  var trials: [CalibrationTrial]
  var equalizesChannels = false
  /// Output channels of layers that were taken out.
  var channelsLeftOut = 0
  /// Weights that went with them.
  var weightBytesLeftOut = 0
}
