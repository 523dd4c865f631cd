// SPDX-License-Identifier: Apache-2.0

/// The systematic errors of a power meter, as limits from its calibration or its data sheet.
///
/// Zero means that the error is absent or already contained in another term.
public struct MeterUncertainty: Codable, Equatable, Sendable {
  /// Shunt resistor's tolerance with drift, relative.
  public var shuntTolerance: Double
  /// Gain error of the current channel (or of the energy output), relative.
  public var currentGain: Double
  /// Gain error of the voltage channel, or tolerance of the set point if voltage is not measured,
  /// relative.
  public var voltageGain: Double
  /// Offset of the current channel, in A.
  public var currentOffsetA: Double
  /// Shunt resistance, in Ω, if the voltage is sensed before the shunt, whose own loss is then
  /// counted as the board's; 0 if it is sensed at the board.
  public var burdenOhm: Double
  /// Error of the meter's sample clock, relative.
  public var timeBase: Double
  /// Standard deviation of one trigger edge's time, in s.
  public var edgeJitterS: Double

  /// States the limits; what is left out is absent.
  public init(
    shuntTolerance: Double = 0, currentGain: Double = 0, voltageGain: Double = 0,
    currentOffsetA: Double = 0, burdenOhm: Double = 0, timeBase: Double = 0, edgeJitterS: Double = 0
  ) {
    self.shuntTolerance = shuntTolerance
    self.currentGain = currentGain
    self.voltageGain = voltageGain
    self.currentOffsetA = currentOffsetA
    self.burdenOhm = burdenOhm
    self.timeBase = timeBase
    self.edgeJitterS = edgeJitterS
  }

  /// The errors that scale with the figure, for net energy as for gross.
  ///
  /// - Parameters:
  ///   - window: Typical window; it turns edge jitter into a share of its duration.
  ///   - edgePairs: Pairs of trigger edges per window: 1, or its inferences if each has its own.
  ///   - source: Names meter and calibration.
  func proportionalTerms(
    window: WindowRecord, edgePairs: Int, source: String
  ) -> [SystematicTerm] {
    // 2 independent edges a pair; each moves the integral by its error times the power.
    let edgeTime = edgeJitterS * Double(max(1, edgePairs) * 2).squareRoot()
    let terms = [
      SystematicTerm(name: "shunt tolerance", relative: shuntTolerance, source: source),
      SystematicTerm(name: "current gain", relative: currentGain, source: source),
      SystematicTerm(name: "voltage gain", relative: voltageGain, source: source),
      SystematicTerm(name: "time base", relative: timeBase, source: source),
      SystematicTerm(
        name: "edge jitter", relative: edgeTime / window.durationS, meaning: .standard),
    ]
    return terms.filter { $0.relative > 0 }
  }

  /// The errors that do not cancel between gross and baseline, or cancel only partly.
  ///
  /// - Parameters:
  ///   - window: Typical window.
  ///   - supplyV: The board's supply, in V.
  ///   - source: Names meter and calibration.
  /// - Returns: Lines for gross, and lines for net, where an offset is subtracted with the
  ///   baseline.
  func additiveComponents(
    window: WindowRecord, supplyV: Double, source: String
  ) -> (gross: [UncertaintyComponent], net: [UncertaintyComponent]) {
    let secondsPerInference = window.durationS / Double(window.inferences)
    var gross: [UncertaintyComponent] = []
    var net: [UncertaintyComponent] = []
    if currentOffsetA != 0 {
      let limitUJ = abs(currentOffsetA) * supplyV * secondsPerInference * 1e6
      gross.append(Self.limit("current offset", limitUJ, source))
    }
    if burdenOhm > 0, supplyV > 0 {
      let activeA = window.meanPowerMW * 1e-3 / supplyV
      let idleA = (window.baselinePowerMW ?? 0) * 1e-3 / supplyV
      let perSquareAmpere = burdenOhm * secondsPerInference * 1e6
      gross.append(Self.limit("burden voltage", perSquareAmpere * activeA * activeA, source))
      net.append(
        Self.limit(
          "burden voltage", perSquareAmpere * abs(activeA * activeA - idleA * idleA), source))
    }
    return (gross, net)
  }

  private static func limit(
    _ name: String, _ limit: Double, _ source: String
  ) -> UncertaintyComponent {
    UncertaintyComponent(
      name: name, standardUncertainty: limit / 3.0.squareRoot(), evaluation: .knowledge,
      source: source)
  }

  private enum CodingKeys: String, CodingKey {
    case shuntTolerance = "shunt_tolerance"
    case currentGain = "current_gain"
    case voltageGain = "voltage_gain"
    case currentOffsetA = "current_offset_a"
    case burdenOhm = "burden_ohm"
    case timeBase = "time_base"
    case edgeJitterS = "edge_jitter_s"
  }
}
