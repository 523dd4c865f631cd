// SPDX-License-Identifier: Apache-2.0
internal import PowerMeters

/// Energy figures from a meter's trace.
struct MeteredEnergy {
  let figures: EnergyFigures
  let windows: [WindowRecord]
  let problems: [String]

  /// Integrates a trace.
  ///
  /// - Parameters:
  ///   - expected: Seconds of each window by the board's own clock.
  ///   - inferences: Inferences of each window.
  ///   - model: The error of the model, if the current was modelled.
  init(
    trace: PowerTrace, expected: [Double], inferences: Int, supplyVolts: Double,
    model: SystematicTerm?
  ) throws(BenchmarkingError) {
    let report = EnergyIntegrator().report(
      on: trace, expecting: expected.map { ExpectedWindow(inferences: inferences, seconds: $0) })
    var windows: [WindowRecord] = []
    for window in report.windows {
      windows.append(
        try WindowRecord(
          inferences: window.inferences ?? inferences, durationS: window.durationSeconds,
          energyJ: window.grossJoules, baselinePowerW: window.baselineWatts))
    }
    let analysis = try EnergyAnalysis(
      windows: windows, meterName: trace.meter, meter: MeterUncertainty(trace.calibration),
      calibration: trace.calibration.source, supplyV: supplyVolts, model: model)
    figures = analysis.figures
    self.windows = windows
    problems = report.allProblems + analysis.problems
  }
}

extension MeterUncertainty {
  /// The limits that a meter's calibration states.
  init(_ calibration: MeterCalibration) {
    self.init(
      shuntTolerance: calibration.shuntTolerance, currentGain: calibration.currentGainError,
      voltageGain: calibration.voltageGainError,
      currentOffsetA: calibration.currentOffsetAmperes, burdenOhm: calibration.burdenOhms,
      timeBase: calibration.timeBaseError, edgeJitterS: calibration.edgeJitterSeconds)
  }
}

extension MeterRecord {
  /// Describes the meter that recorded a trace.
  init(_ trace: PowerTrace, identity: String) {
    self.init(
      name: trace.meter, identity: identity, calibration: trace.calibration.source,
      sampleRateHz: trace.sampleRateHz, uncertainty: MeterUncertainty(trace.calibration))
  }
}

extension RawSeries {
  /// The samples and edges of a trace.
  init(_ trace: PowerTrace) throws(BenchmarkingError) {
    try self.init(
      timeBaseHz: trace.sampleRateHz, currentA: trace.currentAmperes, powerW: trace.powerWatts,
      voltageV: trace.voltageVolts,
      edges: trace.edges.map { edge in
        Edge(timeS: edge.seconds, phase: Phase(rawValue: edge.phase.rawValue) ?? .idle)
      })
  }
}
