// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink

/// Requests to a probe and their responses, with the events that come in between.
///
/// Used by one thread at a time: the caller's, or the recorder's while that runs.
final class ProbeChannel: @unchecked Sendable {
  /// A request is repeated after so long without any frame.
  static let patience = Duration.seconds(1)
  /// How often a request is sent.
  static let attempts = 3
  /// A response comes within so long, however many events precede it.
  static let limit = Duration.seconds(120)

  let meter: String
  private let channel: FrameChannel
  private var session: UInt16 = 0
  private var sequence: UInt16 = 0

  init(over transport: any Transport, meter: String) {
    channel = FrameChannel(over: transport)
    self.meter = meter
  }

  /// Opens a session with a random number.
  func open() throws(PowerMetersError) {
    var writer = PayloadWriter()
    let wanted = UInt16.random(in: 1...UInt16.max)
    writer.append(ProbeCommand.version)
    writer.append(ProbeCommand.version)
    writer.append(wanted)
    session = wanted
    let payload = try request(.hello, writer.bytes, during: "greeting the probe")
    var reader = PayloadReader(payload, during: "greeting the probe")
    let version: UInt16
    do throws(DeviceLinkError) { version = try reader.take() } catch { throw .link(error) }
    guard version == ProbeCommand.version else {
      throw .protocolViolation(
        meter: meter, problem: "it chose version \(version) of the probe protocol")
    }
  }

  /// Sends a request until its response comes.
  ///
  /// - Parameter event: Takes the events that come before it.
  /// - Throws: ``PowerMetersError/link(_:)`` if none comes, ``PowerMetersError/refused(meter:request:status:)``.
  func request(
    _ command: ProbeCommand, _ payload: [UInt8] = [], during activity: String,
    event: (Frame) throws(PowerMetersError) -> Void = { _ in }
  ) throws(PowerMetersError) -> [UInt8] {
    sequence &+= 1
    let request = Frame(
      type: .request, command: command.rawValue, sequence: sequence, session: session,
      payload: payload)
    let end = Deadline.after(Self.limit)
    for _ in 0..<Self.attempts {
      try link { () throws(DeviceLinkError) in
        try channel.send(request, deadline: .after(Self.patience))
      }
      var silence = Deadline.after(Self.patience)
      while !silence.hasPassed, !end.hasPassed {
        let frames = try link { () throws(DeviceLinkError) in try channel.receive(deadline: silence)
        }
        var response: Frame?
        // All of what was read: events may follow the response.
        for frame in frames where frame.session == session {
          silence = .after(Self.patience)
          if frame.type == .event { try event(frame) }
          if frame.type == .response, frame.command == command.rawValue,
            frame.sequence == sequence
          {
            response = frame
          }
        }
        guard let response else { continue }
        guard response.status == 0 else {
          throw .refused(meter: meter, request: activity, status: Int(response.status))
        }
        return response.payload
      }
    }
    throw .link(
      .noAnswer(
        port: channel.transport.description, during: activity,
        seconds: Double(Self.attempts), attempts: Self.attempts))
  }

  /// Waits a moment for events.
  func events(within duration: Duration) throws(PowerMetersError) -> [Frame] {
    let frames = try link { () throws(DeviceLinkError) in
      try channel.receive(deadline: .after(duration))
    }
    return frames.filter { $0.type == .event && $0.session == session }
  }

  func close() { channel.transport.close() }

  private func link<Value>(_ body: () throws(DeviceLinkError) -> Value) throws(PowerMetersError)
    -> Value
  {
    do throws(DeviceLinkError) { return try body() } catch { throw .link(error) }
  }
}
