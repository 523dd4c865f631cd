// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Finds the method of calibration with the least output error: each gets its ranges from every other
/// row and is judged by the remaining ones.
struct MethodChoice: Sendable {
  let best: CalibrationMethod
  private(set) var trials: [CalibrationTrial] = []
  /// The error of the best one: noise over signal.
  let ratio: Double

  /// Methods are tried in this order; of equal ones the first wins.
  private static let candidates: [CalibrationMethod] = [.mse, .minMax, .percentile, .kl]

  init(
    _ subject: Subject, settings: QuantizationSettings, equalizes: Bool = false, runner: RowRunner
  ) throws(QuantizationError) {
    let odd = runner.allRows.filter { $0 % 2 == 1 }
    let judges = odd.isEmpty ? runner.allRows : odd
    var best: (method: CalibrationMethod, ratio: Double)?
    for method in settings.calibration.map({ [$0] }) ?? Self.candidates {
      let plan = subject.plan(method, rows: .even)
      let simulation = try subject.simulation(plan, layers: subject.nearestLayers(plan))
      let error = try subject.outputError(simulation, rows: judges, runner: runner)
      trials.append(
        CalibrationTrial(
          calibration: method, equalizesChannels: equalizes, outputSQNR: error.decibels))
      if error.ratio < best?.ratio ?? .infinity { best = (method, error.ratio) }
    }
    self.best = best?.method ?? settings.calibration ?? .mse
    ratio = best?.ratio ?? .infinity
  }
}
