// SPDX-License-Identifier: Apache-2.0
package import DeviceLink

/// Puts a probe's events together, and notices what is missing.
package struct ProbeRecording {
  /// Longest gap between samples that is filled as lost, in seconds: more is no recording.
  static let longestGapSeconds = 60.0

  private let meter: String
  private let information: ProbeInformation
  private let scale: ProbeScale
  private var currents: [Float] = []
  private var voltages: [Float] = []
  private var edges: [TriggerEdge] = []
  private var events = 0
  private var lostEvents = 0
  private var lostSamples = 0
  private var outOfRange = 0

  package init(meter: String, information: ProbeInformation, scale: ProbeScale) {
    self.meter = meter
    self.information = information
    self.scale = scale
  }

  private var sampleRateHz: Double { Double(information.clockHz) / Double(scale.ticksPerSample) }

  /// Takes an event; frames that are none are ignored.
  package mutating func append(_ frame: Frame) throws(PowerMetersError) {
    guard frame.type == .event else { return }
    countLost(upTo: frame.sequence)
    do {
      switch ProbeCommand(rawValue: frame.command) {
      case .samples: try append(ProbeSamples(frame.payload))
      case .edge: try append(ProbeEdge(frame.payload))
      default: break  // an event of a later version
      }
    } catch let error as DeviceLinkError {
      throw .protocolViolation(meter: meter, problem: error.description)
    } catch let error as PowerMetersError {
      throw error
    } catch {
      throw .protocolViolation(meter: meter, problem: "\(error)")
    }
  }

  /// Ends the recording with what the probe says that it sent.
  package mutating func finish(samples: UInt64, events sent: UInt32, outOfRange: UInt32)
    throws(PowerMetersError)
  {
    lostEvents += max(Int(sent) - events, 0)
    self.outOfRange = max(self.outOfRange, Int(outOfRange))
    if samples > UInt64(currents.count) { try fill(upTo: samples) }
  }

  /// The trace.
  package func trace() throws(PowerMetersError) -> PowerTrace {
    var problems: [TraceProblem] = []
    if lostSamples > 0 {
      problems.append(
        .lostSamples(count: lostSamples, seconds: Double(lostSamples) / sampleRateHz))
    }
    if lostEvents > 0 { problems.append(.lostEvents(count: lostEvents)) }
    if outOfRange > 0 { problems.append(.overrange(samples: outOfRange)) }
    return try PowerTrace(
      meter: meter, sampleRateHz: sampleRateHz, currentAmperes: currents, voltageVolts: voltages,
      edges: edges, calibration: information.calibration, problems: problems)
  }

  private mutating func countLost(upTo sequence: UInt16) {
    let gap = sequence &- UInt16(truncatingIfNeeded: events)
    lostEvents += Int(gap)
    events += Int(gap) + 1
  }

  private mutating func append(_ event: ProbeSamples) throws(PowerMetersError) {
    guard event.firstIndex >= UInt64(currents.count) else {
      throw .protocolViolation(
        meter: meter, problem: "sample \(event.firstIndex) came after sample \(currents.count)")
    }
    try fill(upTo: event.firstIndex)
    if event.isOutOfRange { outOfRange += 1 }
    let amperes = Double(scale.shuntPicovolts) * 1e-12 / (Double(information.shuntMicroohms) * 1e-6)
    let volts = Double(scale.busPicovolts) * 1e-12
    for sample in event.samples {
      currents.append(Float(Double(sample.shunt) * amperes))
      voltages.append(Float(Double(sample.bus) * volts))
    }
  }

  /// Marks the samples before `index` that did not come as lost.
  private mutating func fill(upTo index: UInt64) throws(PowerMetersError) {
    let gap = index - UInt64(currents.count)
    guard gap > 0 else { return }
    guard Double(gap) <= Self.longestGapSeconds * sampleRateHz else {
      throw .protocolViolation(meter: meter, problem: "\(gap) samples are missing at once")
    }
    lostSamples += Int(gap)
    let voltage = voltages.last ?? 0
    for _ in 0..<gap {
      currents.append(.nan)
      voltages.append(voltage)
    }
  }

  private mutating func append(_ edge: ProbeEdge) throws(PowerMetersError) {
    let seconds = Double(edge.tick) / Double(information.clockHz)
    if let last = edges.last, seconds < last.seconds {
      throw .protocolViolation(meter: meter, problem: "an edge came before the one before it")
    }
    edges.append(TriggerEdge(seconds: seconds, phase: TriggerPhase(pins: edge.pins)))
  }
}
