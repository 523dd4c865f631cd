// SPDX-License-Identifier: Apache-2.0
package import DeviceLink

/// What a probe says of itself (IDENTIFY).
public struct ProbeInformation: Sendable, Equatable {
  /// Ticks of its clock a second.
  public var clockHz: UInt32
  /// Fewest ticks that a sample may take.
  public var minimumTicksPerSample: UInt32
  /// Most ticks that a sample may take.
  public var maximumTicksPerSample: UInt32
  /// Its shunt, in microohms.
  public var shuntMicroohms: UInt32
  /// Limit of the shunt's deviation, in parts per million.
  public var shuntTolerancePPM: UInt32
  /// Limit of the shunt voltage's gain error, in parts per million.
  public var shuntGainPPM: UInt32
  /// Limit of the shunt voltage's offset, in nanovolts.
  public var shuntOffsetNanovolts: UInt32
  /// Limit of the bus voltage's gain error, in parts per million.
  public var busGainPPM: UInt32
  /// Limit of the bus voltage's offset, in microvolts.
  public var busOffsetMicrovolts: UInt32
  /// Limit of the clock's error, in parts per million.
  public var clockPPM: UInt32
  /// Standard deviation of an edge's time, in nanoseconds.
  public var edgeJitterNanoseconds: UInt32
  /// Whether it is simulated.
  public var isVirtual: Bool
  /// Whether it senses the bus voltage before the shunt.
  public var sensesBeforeShunt: Bool
  /// Its model.
  public var model: String
  /// Its serial number.
  public var serialNumber: String
  /// The version of its firmware.
  public var firmware: String
  /// Where the limits come from.
  public var limitsSource: String

  /// Reads an IDENTIFY response.
  package init(_ payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "identifying the probe")
    clockHz = try reader.take()
    minimumTicksPerSample = try reader.take()
    maximumTicksPerSample = try reader.take()
    shuntMicroohms = try reader.take()
    shuntTolerancePPM = try reader.take()
    shuntGainPPM = try reader.take()
    shuntOffsetNanovolts = try reader.take()
    busGainPPM = try reader.take()
    busOffsetMicrovolts = try reader.take()
    clockPPM = try reader.take()
    edgeJitterNanoseconds = try reader.take()
    let flags: UInt32 = try reader.take()
    isVirtual = flags & 1 != 0
    sensesBeforeShunt = flags & 2 != 0
    model = try reader.takeText()
    serialNumber = try reader.takeText()
    firmware = try reader.takeText()
    limitsSource = try reader.takeText()
    guard clockHz > 0, shuntMicroohms > 0, 0 < minimumTicksPerSample,
      minimumTicksPerSample <= maximumTicksPerSample
    else {
      throw .malformedResponse(
        during: "identifying the probe", detail: "its clock, shunt or sample rates are 0")
    }
  }

  /// Describes a probe; texts of more than 255 bytes do not fit into the protocol.
  init(
    clockHz: UInt32, ticksPerSample: ClosedRange<UInt32>, shuntMicroohms: UInt32,
    limits: VirtualProbeErrors.Limits, model: String, serialNumber: String, firmware: String,
    limitsSource: String
  ) {
    self.clockHz = clockHz
    minimumTicksPerSample = ticksPerSample.lowerBound
    maximumTicksPerSample = ticksPerSample.upperBound
    self.shuntMicroohms = shuntMicroohms
    shuntTolerancePPM = limits.shuntTolerancePPM
    shuntGainPPM = limits.shuntGainPPM
    shuntOffsetNanovolts = limits.shuntOffsetNanovolts
    busGainPPM = limits.busGainPPM
    busOffsetMicrovolts = limits.busOffsetMicrovolts
    clockPPM = limits.clockPPM
    edgeJitterNanoseconds = 0
    isVirtual = true
    sensesBeforeShunt = false
    self.model = model
    self.serialNumber = serialNumber
    self.firmware = firmware
    self.limitsSource = limitsSource
  }

  /// The payload of an IDENTIFY response.
  var payload: [UInt8] {
    var writer = PayloadWriter()
    let fields: [UInt32] = [
      clockHz, minimumTicksPerSample, maximumTicksPerSample, shuntMicroohms, shuntTolerancePPM,
      shuntGainPPM, shuntOffsetNanovolts, busGainPPM, busOffsetMicrovolts, clockPPM,
      edgeJitterNanoseconds, (isVirtual ? 1 : 0) | (sensesBeforeShunt ? 2 : 0),
    ]
    for field in fields { writer.append(field) }
    for text in [model, serialNumber, firmware, limitsSource] { writer.append(text: text) }
    return writer.bytes
  }

  /// The limits in the units of a trace.
  var calibration: MeterCalibration {
    let ohms = Double(shuntMicroohms) * 1e-6
    return MeterCalibration(
      shuntOhms: ohms, shuntTolerance: Double(shuntTolerancePPM) * 1e-6,
      currentGainError: Double(shuntGainPPM) * 1e-6,
      currentOffsetAmperes: Double(shuntOffsetNanovolts) * 1e-9 / ohms,
      voltageGainError: Double(busGainPPM) * 1e-6,
      voltageOffsetVolts: Double(busOffsetMicrovolts) * 1e-6,
      timeBaseError: Double(clockPPM) * 1e-6,
      edgeJitterSeconds: Double(edgeJitterNanoseconds) * 1e-9,
      burdenOhms: sensesBeforeShunt ? ohms : 0, source: limitsSource)
  }
}
