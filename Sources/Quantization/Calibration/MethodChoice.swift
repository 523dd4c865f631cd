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

  /// Rows on which all methods are judged, and rows on which the best of them are.
  private static let (firstRows, finalRows) = (8, 24)
  /// How many are judged on all rows.
  private static let finalistCount = 2

  /// Tries methods.
  ///
  /// - Parameters:
  ///   - candidates: Those to try, all if `nil` and the settings leave the choice.
  ///   - equalizes: Whether the subject's channels are equalized, for the record.
  init(
    _ subject: Subject, settings: QuantizationSettings, candidates: [CalibrationMethod]? = nil,
    equalizes: Bool = false, runner: RowRunner
  ) throws(QuantizationError) {
    let odd = runner.allRows.filter { $0 % 2 == 1 }
    let judges = RowRunner.spread(odd.isEmpty ? runner.allRows : odd, limit: Self.finalRows)
    let first = RowRunner.spread(judges, limit: Self.firstRows)
    let rest = judges.filter { !first.contains($0) }
    var contenders: [Contender] = []
    for method in settings.calibration.map({ [$0] }) ?? candidates ?? Self.candidates {
      let plan = subject.plan(method, rows: .even)
      let simulation = try subject.simulation(plan, layers: subject.nearestLayers(plan))
      contenders.append(
        Contender(
          method: method, simulation: simulation,
          error: try subject.outputError(simulation, rows: first, runner: runner)))
    }
    // Sorting keeps the order of equal ones only with their position beside.
    let order = contenders.indices.sorted {
      (contenders[$0].error.ratio, $0) < (contenders[$1].error.ratio, $1)
    }
    let finalists = order.prefix(Self.finalistCount)
    for index in finalists {
      let error = try subject.outputError(
        contenders[index].simulation, rows: rest, runner: runner)
      contenders[index].error.add(error)
    }
    trials = contenders.map {
      CalibrationTrial(
        calibration: $0.method, equalizesChannels: equalizes, outputSQNR: $0.error.decibels)
    }
    let winner = finalists.min {
      (contenders[$0].error.ratio, $0) < (contenders[$1].error.ratio, $1)
    }
    best = winner.map { contenders[$0].method } ?? .mse
    ratio = winner.map { contenders[$0].error.ratio } ?? .infinity
  }

  private struct Contender {
    var method: CalibrationMethod
    var simulation: Simulation
    var error: OutputError
  }
}
