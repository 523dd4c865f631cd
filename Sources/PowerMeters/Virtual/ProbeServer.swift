// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink

/// The digital half of the virtual probe: bytes in, bytes out, by `Docs/spec/probe-protocol.md`.
struct ProbeServer {
  static let clockHz: UInt32 = 10_000_000
  static let ticksPerSample: ClosedRange<UInt32> = 1000...1_000_000
  private static let samplesPerEvent = 100
  /// Longer events are cut to this, in seconds.
  private static let longestEvent = 3600.0

  private let information: ProbeInformation
  private let errors: VirtualProbeErrors
  private let supplyVolts: Double
  private let seed: UInt64
  private let deviations: ProbeDeviations
  private let receiver = FrameReceiver()
  private var session: UInt16 = 0
  private var ticksPerSample: UInt32?
  private var converter: IntegratingConverter?
  private var recordings: UInt64 = 0
  private var pins = TriggerPhase.idle.pins
  private var pending: [ProbeSample] = []
  private var isPendingOutOfRange = false
  private var sent: UInt64 = 0
  private var events: UInt32 = 0
  private var lastOnce: Frame?

  /// Bytes that wait to be sent.
  var output: [UInt8] = []

  init(supplyVolts: Double, shuntOhms: Double, errors: VirtualProbeErrors, seed: UInt64) {
    self.supplyVolts = supplyVolts
    self.errors = errors
    self.seed = seed
    deviations = ProbeDeviations(limits: errors.limits, shuntOhms: shuntOhms, seed: seed)
    information = ProbeInformation(
      clockHz: Self.clockHz, ticksPerSample: Self.ticksPerSample,
      shuntMicroohms: UInt32(min(max((shuntOhms * 1e6).rounded(), 1), 4e9)),
      limits: errors.limits, model: "Shunt virtual probe", serialNumber: "seed \(seed)",
      firmware: "1", limitsSource: "INA228 and 0.1 % shunt, simulated")
  }

  /// Whether samples are wanted.
  var isRecording: Bool { converter != nil }

  /// Takes bytes from the host and answers them.
  mutating func receive(_ bytes: [UInt8]) {
    for frame in receiver.receive(bytes) where frame.type == .request { answer(frame) }
  }

  /// Lets virtual time pass.
  mutating func advance(_ event: PowerEvent) {
    if event.phase.pins != pins {
      pins = event.phase.pins
      sendEdge()
    }
    let ticks = min(event.seconds, Self.longestEvent) * Double(Self.clockHz) * deviations.clock
    guard var converter = self.converter, ticks.isFinite, ticks > 0 else { return }
    converter.flow(amperes: event.amperes, ticks: ticks) { sample, isOutOfRange in
      pending.append(sample)
      isPendingOutOfRange = isPendingOutOfRange || isOutOfRange
      if pending.count == Self.samplesPerEvent { sendSamples() }
    }
    self.converter = converter
  }

  private mutating func answer(_ request: Frame) {
    guard let command = ProbeCommand(rawValue: request.command) else {
      return respond(to: request, status: .unknownCommand)
    }
    if command == .hello { return greet(request) }
    guard request.session == session, session != 0 else {
      return respond(to: request, status: .wrongSession)
    }
    if command.isOnce, let lastOnce, lastOnce.sequence == request.sequence {
      return send(lastOnce)
    }
    switch command {
    case .identify: respond(to: request, payload: information.payload)
    case .configure: configure(request)
    case .start: start(request)
    case .stop: stop(request)
    case .status: respond(to: request, payload: status)
    case .hello, .samples, .edge: respond(to: request, status: .unknownCommand)
    }
  }

  private mutating func greet(_ request: Frame) {
    var reader = PayloadReader(request.payload, during: "HELLO")
    guard let lowest = try? reader.take(UInt16.self), let highest = try? reader.take(UInt16.self),
      let number = try? reader.take(UInt16.self), number != 0,
      lowest <= ProbeCommand.version, ProbeCommand.version <= highest
    else {
      var versions = PayloadWriter()
      versions.append(ProbeCommand.version)
      versions.append(ProbeCommand.version)
      return respond(to: request, status: .badPayload, payload: versions.bytes)
    }
    session = number
    converter = nil
    ticksPerSample = nil
    lastOnce = nil
    var writer = PayloadWriter()
    writer.append(ProbeCommand.version)
    writer.append(UInt16(Frame.maximumPayloadBytes))
    writer.append(UInt16(1))
    writer.append(number)
    writer.append(UInt32(1))
    respond(to: request, payload: writer.bytes)
  }

  private mutating func configure(_ request: Frame) {
    var reader = PayloadReader(request.payload, during: "CONFIGURE")
    guard let wanted = try? reader.take(UInt32.self) else {
      return respond(to: request, status: .badPayload)
    }
    guard converter == nil else { return respond(to: request, status: .badState) }
    ticksPerSample = min(
      max(wanted, Self.ticksPerSample.lowerBound), Self.ticksPerSample.upperBound)
    respond(to: request, payload: scale.payload)
  }

  private mutating func start(_ request: Frame) {
    guard converter == nil, ticksPerSample != nil else {
      return respond(to: request, status: .badState)
    }
    recordings += 1
    converter = IntegratingConverter(
      scale: scale, errors: errors, supplyVolts: supplyVolts, deviations: deviations,
      seed: seed &+ recordings)
    pending = []
    isPendingOutOfRange = false
    sent = 0
    events = 0
    respond(to: request, once: true)
    sendEdge()
  }

  private mutating func stop(_ request: Frame) {
    guard let converter else { return respond(to: request, status: .badState) }
    if !pending.isEmpty { sendSamples() }
    self.converter = nil
    var writer = PayloadWriter()
    writer.append(converter.sampleCount)
    writer.append(events)
    writer.append(converter.outOfRangeCount)
    respond(to: request, payload: writer.bytes, once: true)
  }

  private var status: [UInt8] {
    var writer = PayloadWriter()
    writer.append(UInt8(isRecording ? 1 : 0))
    writer.append(pins)
    writer.append(UInt16(0))
    writer.append(converter?.sampleCount ?? 0)
    writer.append(events)
    return writer.bytes
  }

  private var scale: ProbeScale {
    ProbeScale(
      ticksPerSample: ticksPerSample ?? Self.ticksPerSample.lowerBound, shuntPicovolts: 312_500,
      busPicovolts: 195_312_500)
  }

  private mutating func sendEdge() {
    guard let converter else { return }
    // Samples that ended before the edge go first, so that events are in order of time.
    if !pending.isEmpty { sendSamples() }
    let edge = ProbeEdge(tick: UInt64(converter.tick.rounded()), pins: pins)
    sendEvent(.edge, edge.payload)
  }

  private mutating func sendSamples() {
    let samples = ProbeSamples(
      firstIndex: sent, isOutOfRange: isPendingOutOfRange, samples: pending)
    sent += UInt64(pending.count)
    pending.removeAll(keepingCapacity: true)
    isPendingOutOfRange = false
    sendEvent(.samples, samples.payload)
  }

  private mutating func sendEvent(_ event: ProbeCommand, _ payload: [UInt8]) {
    send(
      Frame(
        type: .event, command: event.rawValue, sequence: UInt16(truncatingIfNeeded: events),
        session: session, payload: payload))
    events &+= 1
  }

  private mutating func respond(
    to request: Frame, status: LinkStatus = .ok, payload: [UInt8] = [], once: Bool = false
  ) {
    let response = Frame(
      type: .response, command: request.command, sequence: request.sequence, session: session,
      status: status.rawValue, payload: payload)
    if once { lastOnce = response }
    send(response)
  }

  private mutating func send(_ frame: Frame) {
    if let bytes = try? frame.encoded() { output += bytes }
  }
}
