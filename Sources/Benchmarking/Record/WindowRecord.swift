// SPDX-License-Identifier: Apache-2.0

/// One window: a number of inferences in a row between two trigger edges, or many such pairs.
public struct WindowRecord: Codable, Equatable, Sendable {
  /// Inferences in the window.
  public let inferences: Int
  /// Time spent inside inferences, in s; the gross energy was integrated over exactly this time.
  public let durationS: Double
  /// Energy of one inference, in µJ.
  public let grossUJ: Double
  /// The same less what the board draws awake and idle in that time, in µJ; `nil` without a
  /// baseline.
  public let netUJ: Double?
  /// Mean power during inferences, in mW.
  public let meanPowerMW: Double
  /// Idle power that `netUJ` subtracts, in mW; `nil` without a baseline.
  public let baselinePowerMW: Double?
  /// Which power cycle of the board the window belongs to, from 0.
  public let powerCycle: Int

  /// Makes a window from integrated energies.
  ///
  /// - Parameters:
  ///   - inferences: Inferences in it, 1 or more.
  ///   - durationS: Time inside inferences, in s, above 0.
  ///   - energyJ: ∫ v·i dt over that time, in J.
  ///   - baselinePowerW: Mean idle power of the baseline before and after, in W.
  ///   - powerCycle: Which power cycle of the board, from 0.
  /// - Throws: ``BenchmarkingError/badSample(of:index:value:allowed:)``.
  public init(
    inferences: Int, durationS: Double, energyJ: Double, baselinePowerW: Double? = nil,
    powerCycle: Int = 0
  ) throws(BenchmarkingError) {
    guard inferences > 0 else {
      throw .badSample(
        of: "inferences in a window", index: 0, value: Double(inferences), allowed: "1 or more")
    }
    guard durationS > 0, durationS.isFinite else {
      throw .badSample(
        of: "window duration", index: 0, value: durationS, allowed: "above 0 seconds and finite")
    }
    guard energyJ.isFinite, baselinePowerW?.isFinite ?? true else {
      throw .badSample(
        of: "window energy", index: 0, value: energyJ, allowed: "a finite number of joules")
    }
    self.inferences = inferences
    self.durationS = durationS
    grossUJ = energyJ * 1e6 / Double(inferences)
    netUJ = baselinePowerW.map { (energyJ - $0 * durationS) * 1e6 / Double(inferences) }
    meanPowerMW = energyJ / durationS * 1e3
    baselinePowerMW = baselinePowerW.map { $0 * 1e3 }
    self.powerCycle = powerCycle
  }

  /// Reads the JSON object; `power_cycle` may be missing and is then 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    inferences = try values.decode(Int.self, forKey: .inferences)
    durationS = try values.decode(Double.self, forKey: .durationS)
    grossUJ = try values.decode(Double.self, forKey: .grossUJ)
    netUJ = try values.decodeIfPresent(Double.self, forKey: .netUJ)
    meanPowerMW = try values.decode(Double.self, forKey: .meanPowerMW)
    baselinePowerMW = try values.decodeIfPresent(Double.self, forKey: .baselinePowerMW)
    powerCycle = try values.decodeIfPresent(Int.self, forKey: .powerCycle) ?? 0
  }

  private enum CodingKeys: String, CodingKey {
    case inferences
    case durationS = "duration_s"
    case grossUJ = "energy_gross_uj"
    case netUJ = "energy_net_uj"
    case meanPowerMW = "mean_power_mw"
    case baselinePowerMW = "baseline_power_mw"
    case powerCycle = "power_cycle"
  }
}
