// SPDX-License-Identifier: Apache-2.0

/// How one virtual probe differs from an ideal one.
public struct VirtualProbeErrors: Sendable, Equatable {
  /// What a probe of its kind may differ by, as IDENTIFY states it.
  public struct Limits: Sendable, Equatable {
    /// Shunt, in parts per million.
    public var shuntTolerancePPM: UInt32
    /// Gain of the shunt voltage, in parts per million.
    public var shuntGainPPM: UInt32
    /// Offset of the shunt voltage, in nanovolts.
    public var shuntOffsetNanovolts: UInt32
    /// Gain of the bus voltage, in parts per million.
    public var busGainPPM: UInt32
    /// Offset of the bus voltage, in microvolts.
    public var busOffsetMicrovolts: UInt32
    /// Clock, in parts per million.
    public var clockPPM: UInt32

    /// An INA228 with a 0.1 % shunt and a crystal. The bus voltage's offset is an assumption.
    public static let typical = Limits(
      shuntTolerancePPM: 1000, shuntGainPPM: 500, shuntOffsetNanovolts: 1000, busGainPPM: 500,
      busOffsetMicrovolts: 500, clockPPM: 50)

    /// No deviation.
    public static let ideal = Limits(
      shuntTolerancePPM: 0, shuntGainPPM: 0, shuntOffsetNanovolts: 0, busGainPPM: 0,
      busOffsetMicrovolts: 0, clockPPM: 0)
  }

  /// What it may differ by.
  public var limits: Limits
  /// Standard deviation of a sample's shunt voltage, in volts. 5 microvolts is an assumption for
  /// 250 microseconds of conversion.
  public var shuntNoiseVolts: Double
  /// Standard deviation of a sample's bus voltage, in volts; an assumption too.
  public var busNoiseVolts: Double

  /// Makes errors.
  public init(limits: Limits, shuntNoiseVolts: Double, busNoiseVolts: Double) {
    self.limits = limits
    self.shuntNoiseVolts = shuntNoiseVolts
    self.busNoiseVolts = busNoiseVolts
  }

  /// A probe as one would build it.
  public static let typical = VirtualProbeErrors(
    limits: .typical, shuntNoiseVolts: 5e-6, busNoiseVolts: 200e-6)

  /// A probe whose only errors are steps and noise.
  public static let noiseOnly = VirtualProbeErrors(
    limits: .ideal, shuntNoiseVolts: 5e-6, busNoiseVolts: 200e-6)
}
