// SPDX-License-Identifier: Apache-2.0
public import DeviceLink

/// A shunt probe that speaks `Docs/spec/probe-protocol.md`: real (`probe:PORT`) or virtual.
public final class ProbeMeter: PowerMeter {
  /// Samples a second, unless the caller wants others.
  public static let defaultSampleRateHz = 4000.0

  /// The meter, as a user names it.
  public let name: String
  /// What the probe says of itself.
  public let information: ProbeInformation
  /// Samples a second that the probe chose.
  public let sampleRateHz: Double

  private let channel: ProbeChannel
  private let scale: ProbeScale
  private var recorder: ProbeRecorder?

  /// Opens the probe at a serial port or PTY.
  ///
  /// - Parameters:
  ///   - port: Its path: `/dev/ttyACM1`.
  ///   - name: The meter, as a user names it; `probe:PORT` if `nil`.
  ///   - sampleRateHz: Samples a second; the probe takes the nearest that it has.
  /// - Throws: ``PowerMetersError/link(_:)`` if nothing answers there, and as ``init(over:name:sampleRateHz:)``.
  public convenience init(
    port: String, name: String? = nil, sampleRateHz: Double = defaultSampleRateHz
  ) throws(PowerMetersError) {
    let transport: any Transport
    do throws(DeviceLinkError) {
      transport = try TransportFactory.open(port, baud: 460_800)
    } catch {
      throw .link(error)
    }
    do throws(PowerMetersError) {
      try self.init(over: transport, name: name ?? "probe:\(port)", sampleRateHz: sampleRateHz)
    } catch {
      transport.close()
      throw error
    }
  }

  /// Opens the probe at the end of a line.
  ///
  /// - Throws: ``PowerMetersError/link(_:)`` if nothing answers,
  ///   ``PowerMetersError/protocolViolation(meter:problem:)`` if what answers is no probe,
  ///   ``PowerMetersError/unsupported(meter:problem:)`` for a rate that is no positive number.
  public init(
    over transport: any Transport, name: String, sampleRateHz: Double = defaultSampleRateHz
  ) throws(PowerMetersError) {
    guard sampleRateHz.isFinite, sampleRateHz > 0 else {
      throw .unsupported(meter: name, problem: "it cannot take \(sampleRateHz) samples a second")
    }
    self.name = name
    channel = ProbeChannel(over: transport, meter: name)
    try channel.open()
    let identity = try channel.request(.identify, during: "identifying the probe")
    let information: ProbeInformation
    do throws(DeviceLinkError) { information = try ProbeInformation(identity) } catch {
      throw .protocolViolation(meter: name, problem: error.description)
    }
    self.information = information
    let wanted = (Double(information.clockHz) / sampleRateHz).rounded()
    let nearest = min(
      max(wanted, Double(information.minimumTicksPerSample)),
      Double(information.maximumTicksPerSample))
    var writer = PayloadWriter()
    writer.append(UInt32(nearest))
    let answer = try channel.request(.configure, writer.bytes, during: "configuring the probe")
    do throws(DeviceLinkError) { scale = try ProbeScale(answer) } catch {
      throw .protocolViolation(meter: name, problem: error.description)
    }
    self.sampleRateHz = Double(information.clockHz) / Double(scale.ticksPerSample)
  }

  /// Model, serial number and firmware.
  public var identity: String {
    "\(information.model) \(information.serialNumber), firmware \(information.firmware)"
  }

  /// Begins to record.
  public func start() throws(PowerMetersError) {
    guard recorder == nil else { throw .wrongState(meter: name, problem: "it records already") }
    var recording = ProbeRecording(meter: name, information: information, scale: scale)
    _ = try channel.request(.start, during: "starting the probe") {
      frame throws(PowerMetersError) in
      try recording.append(frame)
    }
    recorder = ProbeRecorder(channel: channel, recording: recording)
  }

  /// Ends the recording; waits for the samples that are still on their way.
  public func stop() throws(PowerMetersError) -> PowerTrace {
    guard let recorder else { throw .wrongState(meter: name, problem: "it does not record") }
    self.recorder = nil
    var recording = try recorder.finish()
    let answer = try channel.request(.stop, during: "stopping the probe") {
      frame throws(PowerMetersError) in
      try recording.append(frame)
    }
    var reader = PayloadReader(answer, during: "stopping the probe")
    let counts: (samples: UInt64, events: UInt32, outOfRange: UInt32)
    do throws(DeviceLinkError) {
      counts = (try reader.take(), try reader.take(), try reader.take())
    } catch {
      throw .protocolViolation(meter: name, problem: error.description)
    }
    try recording.finish(
      samples: counts.samples, events: counts.events, outOfRange: counts.outOfRange)
    return try recording.trace()
  }

  /// Ends a recording without its trace, and closes the line.
  public func close() {
    if let recorder { _ = try? recorder.finish() }
    recorder = nil
    channel.close()
  }
}
