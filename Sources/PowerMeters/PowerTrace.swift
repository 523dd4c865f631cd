// SPDX-License-Identifier: Apache-2.0

/// What a meter recorded: samples of power on its clock, and when which phase began.
///
/// Sample k is the mean over [k, k + 1) / `sampleRateHz` seconds. A trace never changes: what is
/// computed from it is computed again.
public struct PowerTrace: Sendable, Equatable {
  /// The meter, as a user names it, and what it said of itself.
  public let meter: String
  /// Samples a second, by the meter's clock.
  public let sampleRateHz: Double
  /// Currents in amperes, NaN where a sample was lost; empty if the meter delivers power only.
  public let currentAmperes: [Float]
  /// Voltages in volts: one a sample, or a single one for all.
  public let voltageVolts: [Float]
  /// Powers in watts; empty if they follow from current and voltage.
  public let powerWatts: [Float]
  /// The phases' beginnings, in order of time. Before the first, the board is idle.
  public let edges: [TriggerEdge]
  /// What is known of the meter's errors.
  public let calibration: MeterCalibration
  /// What went wrong while recording.
  public let problems: [TraceProblem]

  /// Keeps currents with their voltage.
  ///
  /// - Parameter voltageVolts: One a sample, or a single one for all.
  /// - Throws: ``PowerMetersError/badTrace(_:)`` if the rate is not positive, the arrays' lengths
  ///   disagree, an edge's time is not a finite number, or edges are not in order.
  public init(
    meter: String, sampleRateHz: Double, currentAmperes: [Float], voltageVolts: [Float],
    edges: [TriggerEdge], calibration: MeterCalibration, problems: [TraceProblem] = []
  ) throws(PowerMetersError) {
    guard voltageVolts.count == 1 || voltageVolts.count == currentAmperes.count else {
      throw .badTrace("\(voltageVolts.count) voltages for \(currentAmperes.count) currents")
    }
    try Self.check(sampleRateHz: sampleRateHz, edges: edges)
    self.meter = meter
    self.sampleRateHz = sampleRateHz
    self.currentAmperes = currentAmperes
    self.voltageVolts = voltageVolts
    self.powerWatts = []
    self.edges = edges
    self.calibration = calibration
    self.problems = problems
  }

  /// Keeps powers, of a meter that delivers nothing else.
  ///
  /// - Throws: ``PowerMetersError/badTrace(_:)`` as above.
  public init(
    meter: String, sampleRateHz: Double, powerWatts: [Float], edges: [TriggerEdge],
    calibration: MeterCalibration, problems: [TraceProblem] = []
  ) throws(PowerMetersError) {
    try Self.check(sampleRateHz: sampleRateHz, edges: edges)
    self.meter = meter
    self.sampleRateHz = sampleRateHz
    self.currentAmperes = []
    self.voltageVolts = []
    self.powerWatts = powerWatts
    self.edges = edges
    self.calibration = calibration
    self.problems = problems
  }

  /// Samples.
  public var count: Int { max(currentAmperes.count, powerWatts.count) }

  /// Length in seconds.
  public var seconds: Double { Double(count) / sampleRateHz }

  /// Power of a sample in watts; NaN if it was lost.
  ///
  /// - Precondition: `index` is in 0 ..< ``count``.
  public func watts(at index: Int) -> Double {
    if currentAmperes.isEmpty { return Double(powerWatts[index]) }
    let volts = voltageVolts.count == 1 ? voltageVolts[0] : voltageVolts[index]
    return Double(currentAmperes[index]) * Double(volts)
  }

  private static func check(sampleRateHz: Double, edges: [TriggerEdge]) throws(PowerMetersError) {
    guard sampleRateHz.isFinite, sampleRateHz > 0 else {
      throw .badTrace("its sample rate is \(sampleRateHz) Hz")
    }
    guard edges.allSatisfy({ $0.seconds.isFinite }) else {
      throw .badTrace("the time of an edge is not a number")
    }
    guard zip(edges, edges.dropFirst()).allSatisfy({ $0.seconds <= $1.seconds }) else {
      throw .badTrace("its edges are not in order of time")
    }
  }
}
