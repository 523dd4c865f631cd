// SPDX-License-Identifier: Apache-2.0

/// The analog half of the virtual probe: integrates current over each sample, adds this probe's
/// deviations and noise, and rounds to steps.
struct IntegratingConverter {
  /// Largest shunt voltage in steps (INA228: 20 bits, signed).
  static let shuntLimit = 524_287.0
  /// Largest bus voltage in steps.
  static let busLimit = 65_535.0

  private let scale: ProbeScale
  private let noise: VirtualProbeErrors
  private let supplyVolts: Double
  private let deviations: ProbeDeviations
  private var generator: NoiseGenerator
  /// Ampere-ticks of the sample in progress.
  private var charge = 0.0

  /// Ticks since the start.
  private(set) var tick = 0.0
  /// Samples taken.
  private(set) var sampleCount: UInt64 = 0
  /// Samples out of range.
  private(set) var outOfRangeCount: UInt32 = 0

  init(
    scale: ProbeScale, errors: VirtualProbeErrors, supplyVolts: Double,
    deviations: ProbeDeviations, seed: UInt64
  ) {
    self.scale = scale
    noise = errors
    self.supplyVolts = supplyVolts
    self.deviations = deviations
    generator = NoiseGenerator(seed: seed)
  }

  /// Lets a current flow.
  ///
  /// - Parameter emit: Takes each sample that is completed, and whether it was out of range.
  mutating func flow(
    amperes: Double, ticks: Double, emit: (ProbeSample, _ isOutOfRange: Bool) -> Void
  ) {
    let end = tick + ticks
    while true {
      let boundary = Double(sampleCount + 1) * Double(scale.ticksPerSample)
      guard boundary <= end else { break }
      charge += amperes * (boundary - tick)
      tick = boundary
      let (sample, isOutOfRange) = convert(charge / Double(scale.ticksPerSample))
      charge = 0
      sampleCount += 1
      if isOutOfRange { outOfRangeCount &+= 1 }
      emit(sample, isOutOfRange)
    }
    charge += amperes * (end - tick)
    tick = end
  }

  private mutating func convert(_ amperes: Double) -> (ProbeSample, Bool) {
    let shunt =
      amperes * deviations.shuntOhms * deviations.shuntGain + deviations.shuntOffsetVolts
      + noise.shuntNoiseVolts * generator.normal()
    let bus =
      supplyVolts * deviations.busGain + deviations.busOffsetVolts
      + noise.busNoiseVolts * generator.normal()
    let shuntSteps = (shunt / (Double(scale.shuntPicovolts) * 1e-12)).rounded()
    let busSteps = (bus / (Double(scale.busPicovolts) * 1e-12)).rounded()
    let sample = ProbeSample(
      shunt: Int32(min(max(shuntSteps, -Self.shuntLimit), Self.shuntLimit)),
      bus: UInt16(min(max(busSteps, 0), Self.busLimit)))
    return (sample, abs(shuntSteps) > Self.shuntLimit || busSteps > Self.busLimit)
  }
}

/// What one probe's parts are like.
struct ProbeDeviations {
  var shuntOhms: Double
  var shuntGain: Double
  var shuntOffsetVolts: Double
  var busGain: Double
  var busOffsetVolts: Double
  var clock: Double

  /// Draws them within the limits.
  init(limits: VirtualProbeErrors.Limits, shuntOhms: Double, seed: UInt64) {
    var generator = NoiseGenerator(seed: seed)
    self.shuntOhms = shuntOhms * (1 + generator.within(Double(limits.shuntTolerancePPM) * 1e-6))
    shuntGain = 1 + generator.within(Double(limits.shuntGainPPM) * 1e-6)
    shuntOffsetVolts = generator.within(Double(limits.shuntOffsetNanovolts) * 1e-9)
    busGain = 1 + generator.within(Double(limits.busGainPPM) * 1e-6)
    busOffsetVolts = generator.within(Double(limits.busOffsetMicrovolts) * 1e-6)
    clock = 1 + generator.within(Double(limits.clockPPM) * 1e-6)
  }
}
